package dev.usageledger.api.audit;

import dev.usageledger.api.DataDirectory;
import dev.usageledger.audit.AuditExport;
import dev.usageledger.audit.ChainVerification;
import dev.usageledger.audit.SigningKey;
import dev.usageledger.engine.EventRows;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AuditWiring {
    @Bean
    AuditDirectory auditDirectory(AuditSettings settings) {
        return new AuditDirectory(DataDirectory.share(settings.data()));
    }

    @Bean
    SigningKey auditSigningKey(AuditDirectory directory) {
        return directory.signingKey();
    }

    @Bean
    ChainVerification chainVerification(DataSource database, AuditDirectory directory, SigningKey key) {
        return new ChainVerification(new EventRows(database), directory.heads(), key.verifying());
    }

    @Bean
    AuditExport auditExport(DataSource database, SigningKey key) {
        return new AuditExport(new EventRows(database), key);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    @DependsOnDatabaseInitialization
    HeadSigning headSigning(
            DataSource database,
            AuditDirectory directory,
            SigningKey key,
            InstantSource clock,
            AuditSettings settings) {
        return new HeadSigning(database, directory.heads(), key, clock, settings.signEvery());
    }
}
