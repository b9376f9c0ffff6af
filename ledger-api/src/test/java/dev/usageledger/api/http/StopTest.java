package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.testing.TestDatabase;
import java.sql.SQLTransientConnectionException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class StopTest {
    @Test
    void whoever_comes_after_the_service_has_stopped_is_told_that_the_database_is_out_of_reach() {
        try (HikariDataSource own = TestDatabase.create();
                Service service = Service.start(own)) {
            DataSource database = service.bean(DataSource.class);

            service.close();

            assertThatExceptionOfType(SQLTransientConnectionException.class)
                    .isThrownBy(database::getConnection)
                    .withMessageContaining("the service stops");
        }
    }
}
