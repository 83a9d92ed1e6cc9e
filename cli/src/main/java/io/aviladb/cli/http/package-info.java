/** Speaking REST with a cluster. Start here: {@link io.aviladb.cli.http.ApiClient}. Depends on nothing but core and the JDK. */
@NullMarked
package io.aviladb.cli.http;

import org.jspecify.annotations.NullMarked;
