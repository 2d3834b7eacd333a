/// The rules of STYLE.md that a program can check, and the test that holds all files to them.
@NullMarked
package dev.holdfast.system.tidy;

import org.jspecify.annotations.NullMarked;
