/// A small HTTP server for operators: is it alive, is it ready, how does it stand.
@NullMarked
package dev.holdfast.app.admin;

import org.jspecify.annotations.NullMarked;
