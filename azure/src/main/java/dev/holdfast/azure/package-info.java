/// Containers of Azure's blob storage, as object stores: the Azure SDK is here and nowhere else.
///
/// It keeps no data and decides no race: the container's conditional create does. A request is sent
/// once; who repeats it is `objectstore.retry`.
@NullMarked
package dev.holdfast.azure;

import org.jspecify.annotations.NullMarked;
