using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.Pipeline.Remote;
using Microsoft.Extensions.Configuration;

namespace AiAssignments.Azure.Hosting;

/// <summary>Settings <c>Inference:*</c>: which models are scored on inference servers, and how.</summary>
public sealed record InferenceSettings
{
    /// <summary>How the servers are called.</summary>
    public required RemoteOptions Servers { get; init; }

    /// <summary>Application that tokens are asked for, for example a client id; <c>null</c>: none are sent.</summary>
    public string? Audience { get; init; }

    /// <summary>Models of this size in bytes and more are scored there. Default 104,857,600.</summary>
    public long HeavyModelBytes { get; init; } = 100 << 20;

    /// <summary>Most requests of one evaluation at once, 1 to 1000. Default 4.</summary>
    public int FanOutWidth { get; init; } = 4;

    /// <summary>Reads them.</summary>
    /// <param name="configuration">Where they are.</param>
    /// <returns><c>null</c> when <c>Inference:Servers</c> is absent.</returns>
    /// <exception cref="ProblemException"><c>option-invalid</c>: names the setting and what is allowed.</exception>
    public static InferenceSettings? Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration["Inference:Servers"] is not { Length: > 0 } servers)
        {
            return null;
        }

        var health = SettingNumbers.Whole(configuration, "Inference:HealthIntervalSeconds", 0, 3600, 1);
        return new InferenceSettings
        {
            Servers = new RemoteOptions
            {
                Servers = [.. servers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Address)],
                Timeout = TimeSpan.FromSeconds(SettingNumbers.Whole(configuration, "Inference:TimeoutSeconds", 1, 220, 30)),
                HealthInterval = health == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(health),
            },
            Audience = configuration["Inference:Audience"] is { Length: > 0 } audience ? audience : null,
            HeavyModelBytes = SettingNumbers.Whole(configuration, "Inference:HeavyModelBytes", 0, long.MaxValue, 100 << 20),
            FanOutWidth = (int)SettingNumbers.Whole(configuration, "Inference:FanOutWidth", 1, 1000, 4),
        };
    }

    private static Uri Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
        ? address
        : throw new ProblemException("option-invalid", string.Create(CultureInfo.InvariantCulture, $"Inference__Servers has '{text}'; it must be addresses like https://inference.example, separated by commas."));
}
