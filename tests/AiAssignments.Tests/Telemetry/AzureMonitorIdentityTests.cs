using AiAssignments.Azure.Telemetry;
using AiAssignments.Core.Errors;
using Azure.Core;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace AiAssignments.Tests.Telemetry;

/// <summary>Who sends to an Application Insights without local authentication: told by one setting, in every host.</summary>
[Collection("Instruments")]
public sealed class AzureMonitorIdentityTests
{
    private const string Connection = $"InstrumentationKey={Ingestion.Key};IngestionEndpoint=http://127.0.0.1:9/";

    [Theory]
    [InlineData("Authorization=AAD")]
    [InlineData("Authorization=AAD;ClientId=11112222-3333-4444-5555-666677778888")]
    [InlineData(" clientid = 11112222-3333-4444-5555-666677778888 ; authorization = aad ;")]
    public void The_setting_has_every_signal_sent_by_identity(string setting)
    {
        var seen = Credentials((AzureMonitorSetup.Setting, Connection), (AzureMonitorIdentity.Setting, setting));
        Assert.NotEmpty(seen);
        Assert.All(seen, credential => Assert.IsType<DefaultAzureCredential>(credential));
    }

    [Fact]
    public void Without_the_setting_the_connection_string_is_enough()
    {
        var seen = Credentials((AzureMonitorSetup.Setting, Connection));
        Assert.NotEmpty(seen);
        Assert.All(seen, Assert.Null);
    }

    [Theory]
    [InlineData("hush")]
    [InlineData("Authorization=hush")]
    [InlineData("ClientId=11112222-3333-4444-5555-666677778888")]
    [InlineData("Authorization=AAD;ClientId=hush")]
    [InlineData("Authorization=AAD;Secret=hush")]
    public void What_is_no_identity_is_refused_without_repeating_it(string setting)
    {
        var refused = Assert.Throws<ProblemException>(() => Credentials((AzureMonitorSetup.Setting, Connection), (AzureMonitorIdentity.Setting, setting)));
        Assert.Equal("option-invalid", refused.Problem.Code);
        Assert.DoesNotContain("hush", refused.Problem.ToString(), StringComparison.Ordinal);
    }

    // Of the options that the exporters were made with.
    private static List<TokenCredential?> Credentials(params (string Name, string Value)[] settings)
    {
        Environment.SetEnvironmentVariable("APPLICATIONINSIGHTS_STATSBEAT_DISABLED", "true");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();
        var seen = new List<AzureMonitorExporterOptions>();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddAzureMonitor(configuration);
        services.AddSingleton<IPostConfigureOptions<AzureMonitorExporterOptions>>(new PostConfigureOptions<AzureMonitorExporterOptions>(null, seen.Add));
        using (var provider = services.BuildServiceProvider())
        {
            Assert.NotNull(provider.GetService<MeterProvider>());
            Assert.NotNull(provider.GetService<TracerProvider>());
            Assert.NotNull(provider.GetService<LoggerProvider>());
        }

        return [.. seen.Select(options => options.Credential)];
    }
}
