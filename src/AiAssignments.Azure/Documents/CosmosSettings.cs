using AiAssignments.Core.Errors;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;

namespace AiAssignments.Azure.Documents;

/// <summary>Where the documents are in Cosmos DB, and how they are reached. Exactly one of <see cref="AccountEndpoint"/> and <see cref="ConnectionString"/> is there.</summary>
public sealed record CosmosSettings
{
    private const string Section = "Cosmos";
    private const int MostRegions = 100;

    /// <summary><c>Cosmos__AccountEndpoint</c>: <c>https://NAME.documents.azure.com:443/</c>, reached with a token of Entra ID.</summary>
    public Uri? AccountEndpoint { get; init; }

    /// <summary><c>Cosmos__ConnectionString</c>: <c>AccountEndpoint=http://localhost:8081/;AccountKey=...</c>, of an emulator on this machine and of nothing else.</summary>
    public string? ConnectionString { get; init; }

    /// <summary><c>Cosmos__Database</c>: 1..255 characters, none of <c>/ \ ? #</c>.</summary>
    public required string Database { get; init; }

    /// <summary><c>Cosmos__ConnectionMode</c>: <c>Direct</c> (TCP to the replicas; the default) or <c>Gateway</c> (HTTPS through one address, for firewalls that let nothing else out; read from the settings, the default for an emulator).</summary>
    public ConnectionMode ConnectionMode { get; init; } = ConnectionMode.Direct;

    /// <summary><c>Cosmos__ConsistencyLevel</c>: <c>Session</c>, <c>ConsistentPrefix</c> or <c>Eventual</c>, or <c>BoundedStaleness</c> or <c>Strong</c> on an account that has it. It can only be weaker than the account's. Default: <c>Session</c>.</summary>
    public ConsistencyLevel ConsistencyLevel { get; init; } = ConsistencyLevel.Session;

    /// <summary><c>Cosmos__PreferredRegions</c>: the account's regions to read from, separated by commas, the nearest first, for example <c>westeurope, northeurope</c>. Default: the account's own order.</summary>
    public IReadOnlyList<string> PreferredRegions { get; init; } = [];

    /// <summary>Whether an emulator on this machine is meant.</summary>
    public bool IsEmulator => ConnectionString is not null;

    /// <summary>Reads the section <c>Cosmos</c> and checks it.</summary>
    /// <param name="configuration">The settings; from the environment <c>Cosmos__Database</c> is <c>Cosmos:Database</c>.</param>
    /// <exception cref="ProblemException"><c>option-invalid</c>: names the setting, what it has and what is allowed. No part of a connection string is repeated.</exception>
    public static CosmosSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var endpoint = Given(section, nameof(AccountEndpoint));
        var connection = Given(section, nameof(ConnectionString));
        var settings = new CosmosSettings
        {
            AccountEndpoint = endpoint is null ? null
                : Uri.TryCreate(endpoint, UriKind.Absolute, out var address) ? address
                : throw Invalid(nameof(AccountEndpoint), endpoint, "it must be like https://NAME.documents.azure.com:443/"),
            ConnectionString = connection,
            Database = Given(section, nameof(Database)) ?? throw Invalid(nameof(Database), null, "it must name the database"),
            ConnectionMode = Choice(section, nameof(ConnectionMode), connection is null ? ConnectionMode.Direct : ConnectionMode.Gateway),
            ConsistencyLevel = Choice(section, nameof(ConsistencyLevel), ConsistencyLevel.Session),
            PreferredRegions = (Given(section, nameof(PreferredRegions)) ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        };
        settings.Check();
        return settings;
    }

    /// <summary>Refuses settings that cannot be meant.</summary>
    /// <exception cref="ProblemException"><c>option-invalid</c>.</exception>
    public void Check()
    {
        if (AccountEndpoint is null == ConnectionString is null)
        {
            throw new ProblemException("option-invalid", $"Exactly one of {Name(nameof(AccountEndpoint))} (Azure) and {Name(nameof(ConnectionString))} (an emulator on this machine) must be given.");
        }

        if (AccountEndpoint is { } endpoint && (endpoint.Scheme != Uri.UriSchemeHttps || endpoint.UserInfo.Length > 0 || endpoint.AbsolutePath != "/" || endpoint.Query.Length > 0))
        {
            throw Invalid(nameof(AccountEndpoint), endpoint.GetLeftPart(UriPartial.Authority), "it must be like https://NAME.documents.azure.com:443/, without a key");
        }

        if (ConnectionString is not null && EmulatorEndpoint() is not { IsLoopback: true })
        {
            throw new ProblemException(
                "option-invalid",
                $"{Name(nameof(ConnectionString))} is for an emulator on this machine, and must be like AccountEndpoint=http://localhost:8081/;AccountKey=...; on Azure give {Name(nameof(AccountEndpoint))}, which is reached by identity.");
        }

        if (Database.Length is < 1 or > 255 || Database.AsSpan().ContainsAny("/\\?#") || Database.EndsWith(' '))
        {
            throw Invalid(nameof(Database), Database, "it must be 1 to 255 characters, none of / \\ ? #, and no space at its end");
        }

        if (PreferredRegions.Count > MostRegions || PreferredRegions.Any(region => region.Length > MostRegions || !region.All(c => char.IsAsciiLetterOrDigit(c) || c == ' ')))
        {
            throw Invalid(nameof(PreferredRegions), string.Join(',', PreferredRegions), "it must be names of regions separated by commas, like westeurope,northeurope");
        }
    }

    private static string Name(string setting) => $"{Section}__{setting}";

    private static string? Given(IConfigurationSection section, string setting) => section[setting] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    private static T Choice<T>(IConfigurationSection section, string setting, T usual)
        where T : struct, Enum
    {
        if (Given(section, setting) is not { } text)
        {
            return usual;
        }

        var names = Enum.GetNames<T>();
        return names.FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found
            ? Enum.Parse<T>(found)
            : throw Invalid(setting, text, $"it must be one of {string.Join(", ", names)}");
    }

    private static ProblemException Invalid(string setting, string? found, string needed) => new(
        "option-invalid",
        found is null ? $"{Name(setting)} is not given; {needed}." : $"{Name(setting)} is '{(found.Length > 80 ? found[..80] + "…" : found)}'; {needed}.");

    private Uri? EmulatorEndpoint()
    {
        var endpoints = ConnectionString!.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(part => part[0].Equals("AccountEndpoint", StringComparison.OrdinalIgnoreCase))
            .ToList();

        // Two of them, and one could be checked while the other is used.
        return endpoints is [[_, var text]] && Uri.TryCreate(text, UriKind.Absolute, out var endpoint) ? endpoint : null;
    }
}
