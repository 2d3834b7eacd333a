/// What upkeep is told and what it reports: collection, backup, checkpoints and clones.
@NullMarked
package dev.holdfast.engine.api.upkeep;

import org.jspecify.annotations.NullMarked;
