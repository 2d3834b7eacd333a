/// What a database looks like from outside: how much it holds, in what shape, and what that costs.
@NullMarked
package dev.holdfast.app.survey;

import org.jspecify.annotations.NullMarked;
