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
        Assert.NotEqual(first, second);
        var lines = Encoding.UTF8.GetString(second).Split('\n');
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
    public void Sections_are_known_by_name()
    {
        Assert.All(BenchSections.All, section => Assert.Equal(section, BenchSections.Parse(section.Name())));
        Assert.Equal("option-invalid", Assert.Throws<ProblemException>(() => BenchSections.Parse("gossip")).Problem.Code);
    }
}
