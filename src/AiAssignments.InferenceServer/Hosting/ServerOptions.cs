using System.Net;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Predictions;

namespace AiAssignments.InferenceServer.Hosting;

/// <summary>Settings of the inference server, from the command line (<c>--models</c>) or the environment (<c>AIA_MODELS</c>).</summary>
internal sealed record ServerOptions
{
    /// <summary>All options, separated by commas.</summary>
    internal const string Names =
        "--models, --urls, --grpc-urls, --device, --device-id, --load, --exit-on-error, --body-limit, --memory, --lanes, --batch-rows, --batch-tokens, --batch-delay, --queue-rows, --timeout, --auth, --jwt-issuer, --jwt-audience, --jwt-metadata, --jwt-keys, --jwt-clock-skew, --jwt-read-roles, --jwt-write-roles, --jwt-admin-roles, --rate-limit, --anonymous-rate-limit";

    /// <summary><c>--models</c>: the folder of models, <c>NAME/VERSION/model.onnx</c> or <c>NAME/model.onnx</c>. Needed.</summary>
    public required string Models { get; init; }

    /// <summary><c>--urls</c>: where HTTP listens, separated by <c>;</c>. Default <c>http://127.0.0.1:8000</c>.</summary>
    public IReadOnlyList<IPEndPoint> Http { get; init; } = [new(IPAddress.Loopback, 8000)];

    /// <summary><c>--grpc-urls</c>: where gRPC listens (HTTP/2 without TLS), or <c>none</c>. Default <c>http://127.0.0.1:8001</c>.</summary>
    public IReadOnlyList<IPEndPoint> Grpc { get; init; } = [new(IPAddress.Loopback, 8001)];

    /// <summary><c>--device</c>: <c>cpu</c> (default) or <c>cuda</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary><c>--device-id</c>: ordinal of the GPU. Default 0.</summary>
    public int DeviceId { get; init; }

    /// <summary><c>--load</c>: models to load and warm before the server says ready: <c>all</c> (default), <c>none</c>, or names separated by <c>,</c>. <c>null</c> is all.</summary>
    public IReadOnlyList<string>? Load { get; init; }

    /// <summary><c>--exit-on-error</c>: whether a model that cannot be loaded at start-up ends the process. Default <c>true</c>; otherwise the others serve.</summary>
    public bool ExitOnError { get; init; } = true;

    /// <summary><c>--body-limit</c>: bytes of a request, after decompression, 1,024 to 268,435,456. Default 64 MiB.</summary>
    public ProtocolLimits Limits { get; init; } = ProtocolLimits.Default;

    /// <summary>How batches are made and what may wait: <see cref="ServingSettings"/>.</summary>
    public ModelServerOptions Serving { get; init; } = ModelServerOptions.Default;

    /// <summary><c>--auth</c> (<c>keys</c>: the key of <c>AIA_ADMIN_KEY</c>; <c>jwt</c>; both; <c>none</c>) and its settings: see <see cref="AccessSettings"/>. No limit of a caller's rate by default: callers are gateways.</summary>
    public AccessOptions Access { get; init; } = new();

    /// <summary>Whether anyone but this machine can reach it.</summary>
    public bool Exposed => Http.Concat(Grpc).Any(each => !IPAddress.IsLoopback(each.Address));

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="ProblemException"><c>option-invalid</c>, <c>option-unknown</c>: names the setting and what is allowed.</exception>
    public static ServerOptions From(string[] args)
    {
        var unknown = args.FirstOrDefault(arg => arg.StartsWith("--", StringComparison.Ordinal) && !Names.Split(", ").Contains(arg.Split('=')[0]));
        if (unknown is not null)
        {
            throw new ProblemException("option-unknown", $"{unknown.Split('=')[0]} is no option of the inference server; it takes {Names}, and --help tells about them.");
        }

        var values = new ConfigurationBuilder().AddEnvironmentVariables("AIA_").AddCommandLine(args).Build();
        string? Value(string name) => values[name] ?? values[name.Replace('-', '_')];
        var options = new ServerOptions
        {
            Models = Value("models") is { Length: > 0 } models
                ? Path.GetFullPath(models)
                : throw new ProblemException("option-invalid", "--models is missing; name the folder of models."),
            Http = Addresses(Value("urls") ?? "http://127.0.0.1:8000", "--urls"),
            Grpc = Value("grpc-urls") is "none" ? [] : Addresses(Value("grpc-urls") ?? "http://127.0.0.1:8001", "--grpc-urls"),
            Device = Value("device") switch
            {
                null => "cpu",
                "cpu" or "cuda" => Value("device")!,
                var other => throw new ProblemException("option-invalid", $"--device is '{other}'; it must be cpu or cuda."),
            },
            DeviceId = ServingSettings.Number(Value, "device-id", 0, 0, 1023),
            Load = Value("load") switch
            {
                null or "all" => null,
                "none" => [],
                var names => names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            },
            ExitOnError = Value("exit-on-error") switch
            {
                null or "true" => true,
                "false" => false,
                var other => throw new ProblemException("option-invalid", $"--exit-on-error is '{other}'; it must be true or false."),
            },
            Limits = ProtocolLimits.Default with { BodyBytes = ServingSettings.Number(Value, "body-limit", ProtocolLimits.Default.BodyBytes, 1024, 256 << 20) },
        };
        options = options with { Serving = ServingSettings.Read(Value) with { MostRequestBytes = options.Limits.BodyBytes } };
        var access = AccessSettings.Read(Value, Environment.GetEnvironmentVariable("AIA_ADMIN_KEY"), loopback: !options.Exposed);
        return options with { Access = Value("rate-limit") is null ? access with { CallerLimit = null } : access };
    }

    private static List<IPEndPoint> Addresses(string urls, string name)
    {
        var found = new List<IPEndPoint>();
        foreach (var url in urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Uri.TryCreate(url.Replace("//+", "//0.0.0.0", StringComparison.Ordinal).Replace("//*", "//0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var parsed)
                || parsed.Scheme != "http" || parsed.AbsolutePath != "/")
            {
                throw new ProblemException("option-invalid", $"{name} has '{url}'; it must be like http://127.0.0.1:8000. TLS is ended in front of this server.");
            }

            var address = parsed.Host == "localhost" ? IPAddress.Loopback
                : IPAddress.TryParse(parsed.Host.Trim('[', ']'), out var ip) ? ip
                : throw new ProblemException("option-invalid", $"{name} has '{url}'; its host must be an IP address or localhost.");
            found.Add(new IPEndPoint(address, parsed.Port));
        }

        return found.Count > 0 ? found : throw new ProblemException("option-invalid", $"{name} is empty; it must be like http://127.0.0.1:8000.");
    }
}
