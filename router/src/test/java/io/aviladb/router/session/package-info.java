@NullMarked
package io.aviladb.router.session;

import org.jspecify.annotations.NullMarked;
