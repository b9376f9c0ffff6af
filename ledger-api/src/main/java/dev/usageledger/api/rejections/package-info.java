/** What was refused lately: kept for support, off the way of every command, and in bounds. */
package dev.usageledger.api.rejections;
