using System.Text.RegularExpressions;
using AiAssignments.InferenceServer.Hosting;
using AiAssignments.Tests.Support;

namespace AiAssignments.IntegrationTests.Infrastructure;

/// <summary>The inference server understands the settings that <c>infra/modules/inference-server.bicep</c> gives it.</summary>
public sealed partial class InferenceServerSettingsTests
{
    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["size.device"] = "cuda",
        ["load"] = "topic,entity",
        ["jwtIssuer"] = "https://login.microsoftonline.com/tenant/v2.0",
        ["jwtAudience"] = "client-id",
    };

    [Fact]
    public void Settings_of_the_template_are_options_of_the_server()
    {
        var template = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "infra", "modules", "inference-server.bicep"));
        var settings = Setting().Matches(template).ToDictionary(
            match => match.Groups[1].Value,
            match => match.Groups[2].Success ? match.Groups[2].Value : Values[match.Groups[3].Value]);
        Assert.Equal(9, settings.Count);

        // The same names, as on the command line: the environment is the whole process's.
        var options = ServerOptions.From([.. settings.Select(setting => $"--{setting.Key.ToLowerInvariant().Replace('_', '-')}={setting.Value}")]);

        Assert.Equal("/models", options.Models);
        Assert.Equal(8000, Assert.Single(options.Http).Port);
        Assert.Empty(options.Grpc);
        Assert.Equal("cuda", options.Device);
        Assert.Equal(["topic", "entity"], options.Load);
        Assert.False(options.ExitOnError);
        Assert.True(options.Exposed);
        Assert.False(options.Access.Keys);
        Assert.Equal(Values["jwtIssuer"], options.Access.Jwt!.Issuer);
        Assert.Equal([Values["jwtAudience"]], options.Access.Jwt.Audiences);
    }

    [GeneratedRegex(@"\{ name: 'AIA_(\w+)', value: (?:'([^']*)'|([\w.]+)) \}")]
    private static partial Regex Setting();
}
