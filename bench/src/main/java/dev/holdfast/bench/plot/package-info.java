/// Pictures of what was measured, as SVG in pages of HTML.
@NullMarked
package dev.holdfast.bench.plot;

import org.jspecify.annotations.NullMarked;
