using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;

namespace AiAssignments.Benchmarks.Uploads;

/// <summary>
/// A large dataset to the embedded store over a real web server on the loopback address, in one body and in pieces (tus), against a plain Kestrel endpoint that writes the same bytes
/// to a file and syncs them as often. The server is a process of its own, so that its peak working set is the server's alone.
/// </summary>
public static class UploadBenchmark
{
    private const double Target = 200;
    private const int PieceBytes = 64 << 20;

    /// <summary>Arguments: MiB of the large upload (default 1024), of the small one (default 100), rounds (default 3). Or <c>server FOLDER</c>, as which it starts itself.</summary>
    public static int Run(string[] args) => args is ["server", var folder]
        ? UploadServer.RunAsync(folder).GetAwaiter().GetResult()
        : MeasureAsync(Argument(args, 0, 1024), Argument(args, 1, 100), Argument(args, 2, 3)).GetAwaiter().GetResult();

    private static int Argument(string[] args, int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;

    private static async Task<int> MeasureAsync(int large, int small, int rounds)
    {
        // Not the system's temporary folder, which may be memory: the disk is what is measured.
        var root = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"uploads-{Environment.ProcessId}")).FullName;
        try
        {
            var results = new Dictionary<(string Way, int MiB), List<(double Speed, double Peak)>>();
            var seed = 0;
            for (var round = 0; round <= rounds; round++)
            {
                foreach (var mib in new[] { small, large })
                {
                    foreach (var way in new[] { "limit", "whole", "pieces" })
                    {
                        var measured = await OneAsync(Path.Combine(root, $"{round}-{mib}-{way}"), way, mib, ++seed).ConfigureAwait(false);
                        if (round > 0)
                        {
                            results.TryAdd((way, mib), []);
                            results[(way, mib)].Add(measured);
                        }
                    }
                }
            }

            Write(results, small, large, rounds);
            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<(double Speed, double Peak)> OneAsync(string folder, string way, int mib, int seed)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(UploadBenchmark).Assembly.Location);
        }

        foreach (var argument in new[] { "uploads", "server", folder })
        {
            start.ArgumentList.Add(argument);
        }

        using var server = Process.Start(start)!;
        try
        {
            var url = await server.StandardOutput.ReadLineAsync().ConfigureAwait(false) ?? throw new InvalidOperationException("The server did not start.");
            using var http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(10) };
            var length = (long)mib << 20;
            await SendAsync(http, way, 1 << 20, -seed).ConfigureAwait(false);
            var watch = Stopwatch.StartNew();
            await SendAsync(http, way, length, seed).ConfigureAwait(false);
            var seconds = watch.Elapsed.TotalSeconds;
            var peak = double.Parse(await http.GetStringAsync(new Uri("/peak", UriKind.Relative)).ConfigureAwait(false), CultureInfo.InvariantCulture);
            return (length / 1e6 / seconds, peak / 1e6);
        }
        finally
        {
            server.StandardInput.Close();
            await server.WaitForExitAsync().ConfigureAwait(false);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task SendAsync(HttpClient http, string way, long length, int seed)
    {
        if (way != "pieces")
        {
            using var content = new RowContent(0, length, seed);
            using var response = await http.PostAsync(new Uri(way == "limit" ? "/limit" : "/api/datasets?name=rows.csv", UriKind.Relative), content).ConfigureAwait(false);
            response.EnsureSuccessStatusCode();
            return;
        }

        using var create = Tus(HttpMethod.Post, "/api/datasets/uploads");
        create.Headers.Add("Upload-Length", length.ToString(CultureInfo.InvariantCulture));
        create.Headers.Add("Upload-Metadata", "filename cm93cy5jc3Y=");
        using var created = await http.SendAsync(create).ConfigureAwait(false);
        created.EnsureSuccessStatusCode();
        for (var at = 0L; at < length; at += PieceBytes)
        {
            using var patch = Tus(HttpMethod.Patch, created.Headers.Location!.ToString());
            patch.Headers.Add("Upload-Offset", at.ToString(CultureInfo.InvariantCulture));
            patch.Content = new RowContent(at, Math.Min(PieceBytes, length - at), seed);
            patch.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
            using var patched = await http.SendAsync(patch).ConfigureAwait(false);
            patched.EnsureSuccessStatusCode();
        }
    }

    private static HttpRequestMessage Tus(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        return request;
    }

    private static void Write(Dictionary<(string Way, int MiB), List<(double Speed, double Peak)>> results, int small, int large, int rounds)
    {
        Console.WriteLine("| upload | size | rounds | slowest | median | fastest | median / limit | peak working set |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var mib in new[] { small, large })
        {
            foreach (var (way, name) in new[] { ("limit", "limit: plain Kestrel to a file"), ("whole", "POST /api/datasets"), ("pieces", $"tus, pieces of {PieceBytes >> 20} MiB") })
            {
                var speeds = results[(way, mib)].Select(one => one.Speed).Order().ToList();
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {mib} MiB | {rounds} | {speeds[0]:F0} MB/s | {speeds[speeds.Count / 2]:F0} MB/s | {speeds[^1]:F0} MB/s | {speeds[speeds.Count / 2] / Median(results[("limit", mib)]):F2} | {results[(way, mib)].Max(one => one.Peak):F0} MB |"));
            }
        }

        var whole = Median(results[("whole", large)]);
        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Target: {Target} MB/s; measured {whole:F0} MB/s. Peak of {large} MiB over peak of {small} MiB: {results[("whole", large)].Max(one => one.Peak) / results[("whole", small)].Max(one => one.Peak):F2}."));
    }

    private static double Median(List<(double Speed, double Peak)> measured)
    {
        var speeds = measured.Select(one => one.Speed).Order().ToList();
        return speeds[speeds.Count / 2];
    }
}
