/** What takes the place of a class of Ratis. */
@NullMarked
package org.apache.ratis.util;

import org.jspecify.annotations.NullMarked;
