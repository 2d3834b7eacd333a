package dev.holdfast.base;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks the few places that touch the outside world directly: clock, threads, files, sockets,
/// exit.
///
/// The build's ban on such calls (`config/forbidden-apis.txt`) is lifted inside a marked type or
/// method, and nowhere else.
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface Adapter {
    /// What of the outside world is touched, and why here.
    String value();
}
