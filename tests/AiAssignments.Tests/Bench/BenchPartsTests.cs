using System.Text;
using AiAssignments.Bench.Installations;
using AiAssignments.Bench.Steps;
using AiAssignments.Bench.Table;
using AiAssignments.Core.Errors;

namespace AiAssignments.Tests.Bench;

public sealed class BenchPartsTests
{
    [Fact]
    public void Figures_of_the_process_are_read_from_its_metrics()
    {
        var figures = ProcessFigures.Parse("""
            # TYPE process_cpu_seconds_total counter
            process_cpu_seconds_total 12.5 1700000000000
            process_cpu_seconds_total_of_another 99
            process_resident_memory_bytes{otel_scope_name="AiAssignments"} 1.5E+8
            process_disk_read_bytes_total 4096
            """);
        Assert.Equal((12.5, 1.5e8, 4096.0, null), (figures.CpuSeconds, figures.ResidentBytes, figures.ReadBytes, figures.WrittenBytes));
        Assert.Null(ProcessFigures.Parse("process_cpu_seconds_total NaNsense\n\u0000").CpuSeconds);
    }

    [Fact]
    public void A_file_to_upload_is_csv_of_the_size_asked_for_and_new_each_time()
    {
        var content = BenchFiles.Csv("seed", 10_000, ["no", "y\"es"], 0);
        Assert.InRange(content.Length, 10_000, 10_400);
        Assert.Equal(content, BenchFiles.Csv("seed", 10_000, ["no", "y\"es"], 0));
        var (first, second) = (BenchFiles.Numbered(content, 1), BenchFiles.Numbered(content, 2));
        Assert.NotEqual(first.Head, second.Head);
        Assert.True(first.Tail.Equals(second.Tail) && first.Head.Length < 200);
        Assert.Equal(content.Length, first.Head.Length + first.Tail.Length);
        var lines = Encoding.UTF8.GetString([.. second.Head, .. second.Tail.Span]).Split('\n');
        Assert.Equal(("text,label", "number 00000000000000000002 of seed,\"no\""), (lines[0], lines[1]));
        Assert.EndsWith(",\"y\"\"es\"", lines[2], StringComparison.Ordinal);
        Assert.Equal(22, Encoding.UTF8.GetString(BenchFiles.Csv("s", 0, ["a"], 20)).Split('\n').Length);
    }

    [Fact]
    public void Pictures_of_noise_are_pictures()
    {
        using var picture = SkiaSharp.SKBitmap.Decode(NoisePng.Create(7));
        Assert.Equal((28, 28), (picture.Width, picture.Height));
        Assert.NotEqual(NoisePng.Create(7), NoisePng.Create(8));
    }

    [Fact]
    public void One_id_is_one_thing()
    {
        var collector = new BenchCollector();
        BenchFigure Figure(string subject) => new("model.x.batch-1.average", BenchSection.Models, subject, "average", "ms", BenchDirection.Lower);
        collector.Add(Figure("one"), 1, new BenchConditions("load", 300, 1));
        collector.Add(Figure("another"), 2);
        collector.Add(Figure("one"), 3, new BenchConditions("load", 200, 0.5));
        collector.Add(Figure("one"), double.NaN);
        var row = Assert.Single(collector.Rows(new Dictionary<string, double>()));
        Assert.Equal([1, 3], row.Rounds);
        Assert.Equal((200, 0.5, "load"), (row.Samples, row.LoadShare, row.Load));
        Assert.Contains("left out", Assert.Single(collector.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Percentiles_of_few_samples_are_none()
    {
        Assert.Equal((null, 5.0), (Percentiles.P95(5, 19), Percentiles.P95(5, 20)));
        Assert.Equal((null, 5.0), (Percentiles.P99(5, 99), Percentiles.P99(5, 100)));
    }

    [Fact]
    public async Task A_list_whose_pages_are_empty_ends()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var asked = 0;
        var serving = Task.Run(async () =>
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                _ = await stream.ReadAsync(new byte[4096]);
                asked++;
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 31\r\n\r\n{\"items\":[],\"continuation\":\"x\"}"u8.ToArray());
            }
        });
        var url = $"http://localhost:{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}";
        using var installation = await Installation.OpenAsync(url, null, false, false, CancellationToken.None);
        Assert.Empty(await installation.ListAsync("/api/jobs", 100, CancellationToken.None));
        Assert.Equal(1, asked);
        listener.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => serving);
    }

    [Fact]
    public void Sections_are_known_by_name()
    {
        Assert.All(BenchSections.All, section => Assert.Equal(section, BenchSections.Parse(section.Name())));
        Assert.Equal("option-invalid", Assert.Throws<ProblemException>(() => BenchSections.Parse("gossip")).Problem.Code);
    }
}
