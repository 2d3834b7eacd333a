/// What upkeep is told and what it reports: collection and backup.
@NullMarked
package dev.holdfast.engine.api.upkeep;

import org.jspecify.annotations.NullMarked;
