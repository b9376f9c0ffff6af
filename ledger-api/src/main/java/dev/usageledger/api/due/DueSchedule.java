package dev.usageledger.api.due;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Runs {@link DueWork} every few seconds of real time, on one node at a time; what is due the ledger's clock tells. */
@Configuration(proxyBeanMethods = false)
class DueSchedule {
    @Bean
    RecurringTask<Void> dueWorkTask(
            DueWork work, InstantSource clock, @Value("${ledger.due.every:5s}") Duration every) {
        return Tasks.recurring("due-work", FixedDelay.of(every))
                .execute((instance, context) -> work.run(clock.instant()));
    }
}
