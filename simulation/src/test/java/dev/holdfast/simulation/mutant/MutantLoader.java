package dev.holdfast.simulation.mutant;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;

/// Defines every class of the house anew, some of them edited, so that a mutant shares nothing with
/// the code that the rest of this JVM uses.
final class MutantLoader extends URLClassLoader {
    private static final String OURS = "dev.holdfast.";

    // The JDK's rewritten classes call it, so there is one of it for all.
    private static final String SHARED = "dev.holdfast.simulation.agent.";

    private final Map<String, byte[]> edited;

    MutantLoader(Map<String, byte[]> edited) {
        super(urls(), MutantLoader.class.getClassLoader());
        this.edited = edited;
        setDefaultAssertionStatus(true);
    }

    private static URL[] urls() {
        return House.classFolders().stream().map(MutantLoader::url).toArray(URL[]::new);
    }

    private static URL url(Path folder) {
        try {
            return folder.toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS) || name.startsWith(SHARED))
            return super.loadClass(name, resolve);
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            Class<?> loaded = known == null ? define(name) : known;
            if (resolve) resolveClass(loaded);
            return loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = edited.get(name);
        return bytes == null ? findClass(name) : defineClass(name, bytes, 0, bytes.length);
    }

    @Override
    public URL getResource(String name) {
        URL own = findResource(name);
        return own == null ? super.getResource(name) : own;
    }
}
