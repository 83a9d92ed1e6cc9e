@NullMarked
package io.aviladb.router.edge.rest;

import org.jspecify.annotations.NullMarked;
