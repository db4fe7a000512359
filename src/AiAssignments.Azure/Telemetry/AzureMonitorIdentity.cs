using AiAssignments.Core.Errors;
using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;

namespace AiAssignments.Azure.Telemetry;

/// <summary>Who sends to an Application Insights that takes tokens of Entra ID only (local authentication disabled): the same for every host.</summary>
public static class AzureMonitorIdentity
{
    /// <summary>
    /// The setting, as Azure's own agents read it: <c>Authorization=AAD</c> for the identity that <c>AZURE_CLIENT_ID</c> names (or the only one),
    /// <c>Authorization=AAD;ClientId=GUID</c> for a user-assigned one by its client id.
    /// </summary>
    public const string Setting = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    /// <summary>Reads it.</summary>
    /// <param name="configuration">Where the setting is.</param>
    /// <returns>The identity; <c>null</c> without the setting.</returns>
    /// <exception cref="ProblemException"><c>option-invalid</c>: it says something else.</exception>
    public static TokenCredential? Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration[Setting] is not { Length: > 0 } text)
        {
            return null;
        }

        var (byToken, options) = (false, new DefaultAzureCredentialOptions());
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            switch (part.Split('=', 2, StringSplitOptions.TrimEntries))
            {
                case [var name, var value] when Is(name, "Authorization") && Is(value, "AAD"):
                    byToken = true;
                    break;
                case [var name, var value] when Is(name, "ClientId") && Guid.TryParse(value, out _):
                    (options.ManagedIdentityClientId, options.WorkloadIdentityClientId) = (value, value);
                    break;
                default:
                    throw Invalid();
            }
        }

        return byToken ? new DefaultAzureCredential(options) : throw Invalid();
    }

    private static bool Is(string text, string other) => text.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static ProblemException Invalid() => new("option-invalid", $"{Setting} must be Authorization=AAD, or Authorization=AAD;ClientId= and the client id of an identity.");
}
