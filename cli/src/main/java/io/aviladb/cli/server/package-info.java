/** Running one node or one router, and what every server process needs: logs, the data folder's lock, exit statuses. */
@NullMarked
package io.aviladb.cli.server;

import org.jspecify.annotations.NullMarked;
