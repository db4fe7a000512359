using System.Text.RegularExpressions;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Hosts;

/// <summary>Every <c>aia</c> example of the README is run as it stands there.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "README.md"));
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_examples_on_the_samples_run()
    {
        Directory.CreateSymbolicLink(folder.File("samples"), Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "samples"));
        var examples = Examples().Where(example => !example.Contains("resnet", StringComparison.Ordinal)).ToList();
        Assert.True(examples.Count >= 7);
        foreach (var example in examples)
        {
            var (exit, _, error) = await RunAsync(example);
            Assert.True(exit == 0, $"{example}\n{error}");
        }

        Assert.True(File.Exists(folder.File("report/report.html")));
    }

    [SharedDataFact("models/resnet-cifar10/resnet20.onnx", "cifar10/data_batch_1.first1017.bin")]
    public async Task The_example_of_a_single_file_runs()
    {
        File.Copy(SharedData.PathOf("models/resnet-cifar10/resnet20.onnx"), folder.File("resnet20.onnx"));
        File.Copy(SharedData.PathOf("cifar10/data_batch_1.first1017.bin"), folder.File("data_batch_1.bin"));
        var example = Assert.Single(Examples(), example => example.Contains("resnet20.onnx", StringComparison.Ordinal));
        var (exit, output, error) = await RunAsync(example);
        Assert.True(exit == 0, error);
        Assert.Contains("accuracy 9", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_link_leads_somewhere()
    {
        foreach (Match link in Link().Matches(Readme))
        {
            var target = link.Groups[1].Value;
            Assert.True(target.StartsWith("https://", StringComparison.Ordinal) || Path.Exists(Path.Combine(RepositoryRoot.Path, target.Split('#')[0])), target);
        }
    }

    private static IEnumerable<string> Examples() =>
        Readme.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Where(line => line.StartsWith("aia ", StringComparison.Ordinal));

    // A shell splits the words, as for a user; aia is what the README says it is short for, built already.
    private async Task<(int ExitCode, string Output, string Error)> RunAsync(string example)
    {
        var start = new System.Diagnostics.ProcessStartInfo("sh")
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"aia() {{ dotnet exec '{Path.Combine(AppContext.BaseDirectory, "aia.dll")}' \"$@\"; }}; {example}");
        start.Environment.Remove("AIA_DATA");
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return (process.ExitCode, await output, await error);
    }

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();
}
