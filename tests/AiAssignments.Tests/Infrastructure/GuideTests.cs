using System.Text.RegularExpressions;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Infrastructure;

/// <summary>docs/azure.md says what the templates do.</summary>
public sealed partial class GuideTests
{
    private static readonly string Guide = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "azure.md"));

    [BicepFact]
    public async Task Every_setting_of_the_functions_app_is_in_the_table_and_no_other()
    {
        var given = (await Compiled.GetAsync()).Everything.Settings.Keys;

        Assert.Equal(given.Order(StringComparer.Ordinal), Names("Settings of the Functions app").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_variable_of_the_parameters_file_is_in_the_table_and_no_other()
    {
        var read = Variable().Matches(InfraFiles.Read("main.bicepparam")).Select(match => match.Groups[1].Value).Distinct();

        Assert.Equal(read.Order(StringComparer.Ordinal), Names("Parameters").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_file_that_is_linked_is_there() => Assert.All(
        Link().Matches(Guide).Select(match => match.Groups[1].Value),
        file => Assert.True(File.Exists(Path.Combine(RepositoryRoot.Path, "docs", file)), $"docs/azure.md links {file}, which is not there."));

    // What stands in the first column of the section's table.
    private static List<string> Names(string section)
    {
        var text = Guide.Split($"## {section}\n")[1].Split("\n## ")[0];
        var rows = text.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal));
        return [.. rows.SelectMany(row => Code().Matches(row.Split('|')[1]).Select(match => match.Groups[1].Value))];
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"readEnvironmentVariable\('([A-Z_]+)'")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)\)")]
    private static partial Regex Link();
}
