/// What a run of the tests has shown: the totals of all modules, and the figures of long suites.
@NullMarked
package dev.holdfast.system.report;

import org.jspecify.annotations.NullMarked;
