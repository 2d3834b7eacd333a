/// The configuration file: the same names as the flags, checked one by one.
@NullMarked
package dev.holdfast.app.config;

import org.jspecify.annotations.NullMarked;
