/// Containers of Azure's blob storage, as object stores.
module dev.holdfast.azure {
    requires transitive dev.holdfast.objectstore;
    requires com.azure.core;
    requires com.azure.core.http.jdk.httpclient;
    requires com.azure.storage.blob;
    requires com.azure.storage.common;
    requires java.net.http;
    requires reactor.core;

    provides dev.holdfast.objectstore.api.StoreProvider with
            dev.holdfast.azure.AzureStoreProvider;
}
