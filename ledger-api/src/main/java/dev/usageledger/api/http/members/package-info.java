/** Members: the people whose usage an organization pays. */
package dev.usageledger.api.http.members;
