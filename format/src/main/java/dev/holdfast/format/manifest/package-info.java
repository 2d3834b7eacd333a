/// Manifests: what a database consists of.
@NullMarked
package dev.holdfast.format.manifest;

import org.jspecify.annotations.NullMarked;
