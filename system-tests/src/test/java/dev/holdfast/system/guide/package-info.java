/// The programs of the guide (`docs/guide`), and the test that runs them as its pages say.
@NullMarked
package dev.holdfast.system.guide;

import org.jspecify.annotations.NullMarked;
