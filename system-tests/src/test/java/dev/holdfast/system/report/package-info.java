/// What a run of the tests has shown: the totals of all modules.
@NullMarked
package dev.holdfast.system.report;

import org.jspecify.annotations.NullMarked;
