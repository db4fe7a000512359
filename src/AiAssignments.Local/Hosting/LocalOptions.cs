using System.Net;
using AiAssignments.Core.Errors;

namespace AiAssignments.Local.Hosting;

/// <summary>Settings of the local host, from the command line (<c>--data</c>, <c>--urls</c>, <c>--samples</c>) or the environment (<c>AIA_DATA</c>).</summary>
/// <param name="DataFolder">The data folder. Default: <c>aia-data</c> in the current folder.</param>
/// <param name="Urls">Where to listen, separated by <c>;</c>. Default: <c>http://127.0.0.1:7071</c>. Loopback only.</param>
/// <param name="Samples">Whether the sample datasets are dropped into a new data folder. Default: true.</param>
internal sealed record LocalOptions(string DataFolder, string Urls, bool Samples)
{
    public static LocalOptions From(IConfiguration configuration)
    {
        var urls = configuration["urls"] is { Length: > 0 } given ? given : "http://127.0.0.1:7071";
        foreach (var url in urls.Split(';'))
        {
            CheckLoopback(url);
        }

        var samples = configuration["samples"] switch
        {
            null or "true" => true,
            "false" => false,
            var other => throw new ProblemException("option-invalid", $"--samples is '{other}'; it must be true or false."),
        };
        var folder = configuration["data"] ?? configuration["AIA_DATA"] ?? "aia-data";
        return new LocalOptions(Path.GetFullPath(folder), urls, samples);
    }

    private static void CheckLoopback(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
        {
            throw new ProblemException("option-invalid", $"--urls has '{url}'; it must be like http://127.0.0.1:7071.");
        }

        var loopback = parsed.Host == "localhost" || (IPAddress.TryParse(parsed.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
        if (!loopback)
        {
            throw new ProblemException("address-not-loopback", $"--urls has '{url}', which others can reach, and this host asks nobody for a key; listen on 127.0.0.1 or localhost.");
        }
    }
}
