package dev.parley.http.api;

import java.util.List;

/** Some of the paths of the API. */
interface Resource {
    List<Route> routes();
}
