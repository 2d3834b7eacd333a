/// Buckets that speak S3, as object stores: the AWS SDK is here and nowhere else.
///
/// It keeps no data and decides no race: the bucket's conditional create does. A request is sent
/// once; who repeats it is `objectstore.retry`.
@NullMarked
package dev.holdfast.s3;

import org.jspecify.annotations.NullMarked;
