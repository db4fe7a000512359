using AiAssignments.Azure.Blobs;
using AiAssignments.Core.Errors;
using AiAssignments.Http.Access;
using AiAssignments.Inference.Runtime;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Caching;
using AiAssignments.Pipeline.Predictions;
using AiAssignments.Pipeline.Remote;

namespace AiAssignments.Local.Hosting;

/// <summary>Settings of the local host, from the command line (<see cref="LocalUsage"/>) or the environment (<c>AIA_</c> and the name in upper case, for example <c>AIA_DATA</c>; the inference servers' key only there, <c>AIA_INFERENCE_KEY</c>).</summary>
/// <param name="DataFolder">The data folder. Default: <c>aia-data</c> in the current folder.</param>
/// <param name="Urls">Where to listen, separated by <c>;</c>. Default: <c>http://127.0.0.1:7071</c>. Others than loopback addresses need <c>--auth</c>; <c>https</c> ones a certificate: see <see cref="TlsCertificate"/>.</param>
/// <param name="Samples">Whether the sample datasets are dropped into a new data folder. Default: true.</param>
/// <param name="Http2Url">Where to speak HTTP/2 without TLS and without asking first ("prior knowledge"), beside <paramref name="Urls"/>; it names a port. Default: nowhere.</param>
/// <param name="Access">Who gets in. Default: everyone on this machine.</param>
/// <param name="Redis">Connection string of a Redis server that holds the second level of the caches; <c>null</c> for none.</param>
/// <param name="InferenceServers">Inference servers that answer predictions of the models they have; <c>null</c> for none.</param>
/// <param name="ProfileMemory"><c>--profile-memory true</c> or <c>AIA_PROFILE_MEMORY</c>: whether the memory of every workflow activity is measured. Default: false.</param>
/// <param name="Serving">How batches are made, what may wait, and what models run on: <see cref="ServingSettings"/>, <c>--device</c>, <c>--device-id</c>.</param>
/// <param name="Caches">Lifetimes of cached predictions (<c>--prediction-ttl</c>, seconds, default 3,600) and queries (<c>--query-ttl</c>, default 300).</param>
/// <param name="Blobs">Where blobs lie: <c>--storage folder</c> (<c>null</c>, the default: the data folder), <c>azurite</c> or <c>azurite:http://HOST:PORT</c> (an emulator), <c>azure</c> (as the settings <c>Blobs__…</c> say).</param>
/// <param name="EndsWithInput"><c>--end-with-input true</c>: whether the host ends when its standard input does, so that it does not outlive who started it. Default: false.</param>
internal sealed record LocalOptions(
    string DataFolder,
    string Urls,
    bool Samples,
    AccessOptions Access,
    string? Http2Url,
    string? Redis,
    RemoteOptions? InferenceServers,
    bool ProfileMemory,
    ModelServerOptions Serving,
    CacheOptions Caches,
    BlobSettings? Blobs,
    bool EndsWithInput)
{
    /// <summary>All addresses, separated by <c>;</c>.</summary>
    public string Addresses => Http2Url is null ? Urls : $"{Urls};{Http2Url}";

    /// <summary>Whether any address is an <c>https</c> one, which needs a certificate.</summary>
    public bool Tls => Urls.Split(';').Any(static url => url.StartsWith("https://", StringComparison.OrdinalIgnoreCase));

    /// <summary>Ports that speak HTTP/2 only.</summary>
    public IReadOnlySet<int> Http2Ports => Http2Url is null ? new HashSet<int>() : new HashSet<int> { new Uri(Http2Url).Port };

    public static LocalOptions From(IConfiguration configuration)
    {
        var urls = configuration["urls"] is { Length: > 0 } given ? given : "http://127.0.0.1:7071";
        foreach (var url in urls.Split(';'))
        {
            CheckForm(url);
        }

        var http2 = configuration["http2-url"];
        if (http2 is not null)
        {
            CheckForm(http2);
            CheckHttp2(http2, urls);
        }

        string? Setting(string name) => configuration[name] ?? configuration["AIA_" + name.ToUpperInvariant().Replace('-', '_')];
        return new LocalOptions(
            Path.GetFullPath(Setting("data") ?? "aia-data"),
            urls,
            Flag("--samples", Setting("samples"), usual: true),
            AccessSetup.Read(configuration, http2 is null ? urls : $"{urls};{http2}"),
            http2,
            Setting("redis"),
            ReadServers(Setting, configuration["AIA_INFERENCE_KEY"]),
            Flag("--profile-memory", Setting("profile-memory"), usual: false),
            ReadServing(Setting),
            ReadCaches(Setting),
            ReadStorage(configuration),
            Flag("--end-with-input", Setting("end-with-input"), usual: false));
    }

    private static ModelServerOptions ReadServing(Func<string, string?> setting) => ServingSettings.Read(setting) with
    {
        Runtime = RuntimeOptions.Default with
        {
            Device = setting("device") switch
            {
                null => "cpu",
                "cpu" or "cuda" => setting("device")!,
                var other => throw new ProblemException("option-invalid", $"--device is '{other}'; it must be cpu or cuda."),
            },
            DeviceId = ServingSettings.Number(setting, "device-id", 0, 0, 1023),
            Log = Console.Error.WriteLine,
        },
    };

    private static CacheOptions ReadCaches(Func<string, string?> setting)
    {
        var usual = new CacheOptions();
        return usual with
        {
            PredictionLifetime = TimeSpan.FromSeconds(ServingSettings.Number(setting, "prediction-ttl", (int)usual.PredictionLifetime.TotalSeconds, 1, 30 * 86_400)),
            QueryLifetime = TimeSpan.FromSeconds(ServingSettings.Number(setting, "query-ttl", (int)usual.QueryLifetime.TotalSeconds, 1, 86_400)),
        };
    }

    private static HedgingOptions? ReadHedging(Func<string, string?> setting) => setting("hedge-after") switch
    {
        null or "off" => null,
        "auto" => new HedgingOptions(),
        _ => new HedgingOptions { Delay = TimeSpan.FromMilliseconds(ServingSettings.Number(setting, "hedge-after", 0, 1, 60_000)) },
    };

    private static bool Flag(string name, string? text, bool usual) => text switch
    {
        null => usual,
        "true" => true,
        "false" => false,
        _ => throw new ProblemException("option-invalid", $"{name} is '{text}'; it must be true or false."),
    };

    private static BlobSettings? ReadStorage(IConfiguration configuration)
    {
        const string emulator = "azurite:";
        var text = configuration["storage"] ?? configuration["AIA_STORAGE"];
        return text switch
        {
            null or "" or "folder" => null,
            "azurite" => BlobSettings.From(configuration, new Uri("http://127.0.0.1:10000")),
            "azure" => BlobSettings.From(configuration),
            _ when text.StartsWith(emulator, StringComparison.Ordinal) && Uri.TryCreate(text[emulator.Length..], UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", AbsolutePath: "/" }
                => BlobSettings.From(configuration, address),
            _ => throw new ProblemException("option-invalid", "--storage must be folder, azurite, azurite:http://127.0.0.1:10000 (or where else Azurite listens), or azure with the settings Blobs__ServiceUri and so on."),
        };
    }

    private static RemoteOptions? ReadServers(Func<string, string?> setting, string? key)
    {
        if (setting("inference-servers") is not { Length: > 0 } given)
        {
            return null;
        }

        var servers = new List<Uri>();
        foreach (var text in given.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            {
                throw new ProblemException("option-invalid", $"--inference-servers has '{text}'; it must be addresses like http://10.0.0.4:8000, separated by commas.");
            }

            servers.Add(server);
        }

        return new RemoteOptions { Servers = servers, ApiKey = key, Hedging = ReadHedging(setting) };
    }

    // Port 0 would be another one for each address, and then nobody knows which of them speaks what.
    private static void CheckHttp2(string url, string urls)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var http2) || http2 is not { Scheme: "http", Port: > 0 } || urls.Split(';').Any(other => BindingAddress.Parse(other).Port == http2.Port))
        {
            throw new ProblemException("option-invalid", $"--http2-url has '{url}'; it must be like http://127.0.0.1:7072, with a port that --urls does not have. Over https every address speaks HTTP/2 anyhow.");
        }
    }

    private static void CheckForm(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
        {
            throw new ProblemException("option-invalid", $"--urls has '{url}'; it must be like http://127.0.0.1:7071.");
        }
    }
}
