using AiAssignments.Core.Errors;
using Microsoft.Extensions.Configuration;

namespace AiAssignments.Azure.WebPubSub;

/// <summary>Settings <c>WebPubSub:*</c>.</summary>
/// <param name="Endpoint"><c>WebPubSub:Endpoint</c>, for example <c>https://NAME.webpubsub.azure.com</c>.</param>
/// <param name="Hub"><c>WebPubSub:Hub</c>: letters, digits and <c>_</c>, a letter first, at most 128. Default <c>progress</c>.</param>
/// <param name="AccessKey">Key of an emulator, from <c>WebPubSub:ConnectionString</c> (<c>Endpoint=...;AccessKey=...</c>); <c>null</c>: tokens of Entra ID.</param>
public sealed record WebPubSubSettings(Uri Endpoint, string Hub, string? AccessKey = null)
{
    /// <summary>Reads them.</summary>
    /// <param name="configuration">Where they are.</param>
    /// <returns><c>null</c> when there is neither an endpoint nor a connection string.</returns>
    /// <exception cref="ProblemException"><c>option-invalid</c>. A connection string's text is not repeated: it holds a key.</exception>
    public static WebPubSubSettings? Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var hub = configuration["WebPubSub:Hub"] is { Length: > 0 } named ? named : "progress";
        if (hub.Length > 128 || !char.IsAsciiLetter(hub[0]) || !hub.All(character => char.IsAsciiLetterOrDigit(character) || character == '_'))
        {
            throw new ProblemException("option-invalid", "WebPubSub__Hub must be 1 to 128 letters, digits and _, a letter first.");
        }

        if (configuration["WebPubSub:ConnectionString"] is { Length: > 0 } connection)
        {
            var parts = connection.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(part => part.Split('=', 2)).Where(part => part.Length == 2).ToDictionary(part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase);
            return parts.TryGetValue("AccessKey", out var key) && key.Length > 0 && parts.TryGetValue("Endpoint", out var address) && IsAddress(address) is { } endpoint
                ? new WebPubSubSettings(endpoint, hub, key)
                : throw new ProblemException("option-invalid", "WebPubSub__ConnectionString must be like Endpoint=http://127.0.0.1:8080;AccessKey=...; on Azure give WebPubSub__Endpoint instead, and no key.");
        }

        return configuration["WebPubSub:Endpoint"] is not { Length: > 0 } given ? null
            : IsAddress(given) is { Scheme: "https" } secure ? new WebPubSubSettings(secure, hub)
            : throw new ProblemException("option-invalid", "WebPubSub__Endpoint must be like https://NAME.webpubsub.azure.com.");
    }

    private static Uri? IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? new Uri(address.GetLeftPart(UriPartial.Authority)) : null;
}
