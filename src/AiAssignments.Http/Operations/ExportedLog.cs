using AiAssignments.Core.Telemetry;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Logs;

namespace AiAssignments.Http.Operations;

/// <summary>
/// Which log lines leave the process, and with what: warnings and worse of everybody, and what this project's own code tells from Information on; with their scopes, trace and span.
/// Where the settings have levels of their own (<c>Logging:LogLevel</c>, or <c>Logging:OpenTelemetry:LogLevel</c> for what leaves only), those count. The console has its own levels.
/// </summary>
internal static class ExportedLog
{
    // Its lines at Information repeat a request's query, where browsers put the tokens of their sockets.
    private const string Queries = "Microsoft.AspNetCore.Hosting.Diagnostics";

    private static readonly string Provider = typeof(OpenTelemetryLoggerProvider).FullName!;

    public static void Shape(OpenTelemetryLoggerOptions options)
    {
        options.IncludeFormattedMessage = true;
        options.IncludeScopes = true;
    }

    // First in the list: of rules that fit alike the last counts, and that shall be the operator's.
    public static void Filter(LoggerFilterOptions filters, IConfiguration configuration)
    {
        filters.Rules.Insert(0, new LoggerFilterRule(Provider, Queries, LogLevel.Warning, null));
        if (configuration.GetSection("Logging:LogLevel").Exists() || configuration.GetSection("Logging:OpenTelemetry:LogLevel").Exists())
        {
            return;
        }

        filters.Rules.Insert(0, new LoggerFilterRule(Provider, null, LogLevel.Warning, null));
        filters.Rules.Insert(1, new LoggerFilterRule(Provider, Instruments.Name, LogLevel.Information, null));
    }
}
