package dev.usageledger.engine;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;

/** A database that keeps a note of every statement that is prepared for it. */
final class NotedStatements {
    private final DataSource database;
    private final Queue<String> noted = new ConcurrentLinkedQueue<>();

    NotedStatements(DataSource database) {
        this.database = database;
    }

    DataSource database() {
        return proxy(DataSource.class, (self, method, arguments) -> {
            Object result = invoke(database, method, arguments);
            return result instanceof Connection connection ? noting(connection) : result;
        });
    }

    private Connection noting(Connection connection) {
        return proxy(Connection.class, (self, method, arguments) -> {
            if (method.getName().equals("prepareStatement")) {
                noted.add((String) arguments[0]);
            }
            return invoke(connection, method, arguments);
        });
    }

    void clear() {
        noted.clear();
    }

    /** By their first words, in order. */
    List<String> verbs() {
        return noted.stream().map(sql -> sql.strip().split("\\s+")[0]).toList();
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
