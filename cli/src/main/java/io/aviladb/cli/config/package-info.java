/** Configuration files: strict, with the environment on top. Start here: {@link io.aviladb.cli.config.NodeFile}. An unknown key is a refusal that names the nearest one. */
@NullMarked
package io.aviladb.cli.config;

import org.jspecify.annotations.NullMarked;
