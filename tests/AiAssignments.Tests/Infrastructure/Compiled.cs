using System.Text.Json.Nodes;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Infrastructure;

/// <summary>What the CLI makes of the templates: the ARM template, and what two deployments of it would be. Each is made once for all tests, beside the checkout.</summary>
internal static class Compiled
{
    private static readonly Lazy<Task<Result>> All = new(MakeAsync);

    public static Task<Result> GetAsync() => All.Value;

    private static async Task<Result> MakeAsync()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(InfraFiles.Folder, "*", SearchOption.AllDirectories).Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            var target = Path.Combine(folder.Path, Path.GetRelativePath(InfraFiles.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        var scenario = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "AiAssignments.Tests", "Infrastructure", "everything.bicepparam"));
        File.WriteAllText(Path.Combine(folder.Path, "everything.bicepparam"), scenario);

        // Two at a time: each is a process of its own, seconds of one core.
        var lint = BicepCli.RunAsync(folder.Path, "lint", "--pattern", "**/*.bicep", "--no-restore");
        var build = BicepCli.RunAsync(folder.Path, "build", "main.bicep", "--stdout", "--no-restore");
        await Task.WhenAll(lint, build);
        var usual = SnapshotAsync(folder.Path, "main");
        var everything = SnapshotAsync(folder.Path, "everything");
        return new Result(await lint, await build, await usual, await everything);
    }

    private static async Task<Deployment> SnapshotAsync(string folder, string name)
    {
        var (code, _, messages) = await BicepCli.RunAsync(
            folder,
            "snapshot", $"{name}.bicepparam", "--mode", "overwrite", "--location", "westeurope",
            "--subscription-id", "00000000-0000-0000-0000-000000000001", "--tenant-id", "00000000-0000-0000-0000-000000000002");
        Assert.True(code == 0, messages);
        var snapshot = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, $"{name}.snapshot.json")))!;
        Assert.Empty(snapshot["diagnostics"]!.AsArray());
        return new Deployment([.. snapshot["predictedResources"]!.AsArray().Select(resource => resource!.AsObject())]);
    }

    /// <summary>Exit code, output and messages of lint and build; what azd would deploy with nothing said, and with everything asked for.</summary>
    internal sealed record Result((int Code, string Output, string Messages) Lint, (int Code, string Output, string Messages) Build, Deployment Usual, Deployment Everything)
    {
        public JsonNode Template { get; } = JsonNode.Parse(Build.Output)!;
    }
}
