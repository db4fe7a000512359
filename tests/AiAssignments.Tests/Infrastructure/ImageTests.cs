using System.Text.RegularExpressions;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Infrastructure;

/// <summary>The image of the inference server.</summary>
public sealed partial class ImageTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.InferenceServer", "Dockerfile"));

    [Fact]
    public void Images_are_arguments_and_pinned()
    {
        var images = Argument().Matches(Text).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

        Assert.Equal(["CPU_IMAGE", "CUDA_IMAGE", "SDK_IMAGE"], images.Keys.Order(StringComparer.Ordinal));
        Assert.All(images.Values, image => Assert.Matches(@":\d+\.\d+\.\d+", image));
        Assert.All(From().Matches(Text), match => Assert.True(match.Groups[1].Value is "source" || match.Groups[1].Value.StartsWith("${", StringComparison.Ordinal)));
    }

    [Fact]
    public void Both_images_run_as_a_numbered_user_who_is_not_root()
    {
        var stages = Text.Split("\nFROM ")[^2..];

        Assert.EndsWith(" AS cpu", stages[0].Split('\n')[0]);
        Assert.EndsWith(" AS cuda", stages[1].Split('\n')[0]);
        Assert.All(stages, stage =>
        {
            Assert.Contains("\nUSER 10001:10001\n", stage);
            // Nothing after it is done as another.
            Assert.True(stage.IndexOf("\nUSER", StringComparison.Ordinal) > stage.IndexOf("\nCOPY", StringComparison.Ordinal));
            Assert.DoesNotContain("--chown", stage);
            Assert.Contains("DOTNET_EnableDiagnostics=0", stage);
        });
        Assert.DoesNotContain("\nHEALTHCHECK", Text);
        Assert.DoesNotMatch("(?i)(ARG|ENV)[^\n]*(KEY|SECRET|PASSWORD|TOKEN)", Text);
    }

    [Fact]
    public void The_context_has_every_project_that_the_server_is_built_of_and_no_other()
    {
        var needed = new HashSet<string>(StringComparer.Ordinal);
        Add("AiAssignments.InferenceServer");
        var let = File.ReadAllLines(Path.Combine(RepositoryRoot.Path, ".dockerignore")).Where(line => line.StartsWith("!src/", StringComparison.Ordinal)).Select(line => line[5..]);

        Assert.Equal(needed.Order(StringComparer.Ordinal), let.Order(StringComparer.Ordinal));

        void Add(string project)
        {
            if (needed.Add(project))
            {
                var text = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "src", project, $"{project}.csproj"));
                foreach (Match match in Reference().Matches(text))
                {
                    Add(match.Groups[1].Value);
                }
            }
        }
    }

    [GeneratedRegex(@"(?m)^ARG (\w+)=(\S+)$")]
    private static partial Regex Argument();

    [GeneratedRegex(@"(?m)^FROM (\S+)")]
    private static partial Regex From();

    [GeneratedRegex("ProjectReference Include=\"\\.\\./(AiAssignments\\.[A-Za-z]+)/")]
    private static partial Regex Reference();
}
