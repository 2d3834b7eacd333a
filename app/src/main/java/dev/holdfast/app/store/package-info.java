/// Where the data is: from what a person typed to a store, a lock and an open database.
@NullMarked
package dev.holdfast.app.store;

import org.jspecify.annotations.NullMarked;
