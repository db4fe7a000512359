using AiAssignments.Azure.Documents;
using AiAssignments.Core.Errors;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;

namespace AiAssignments.Tests.Azure.Documents;

public sealed class CosmosSettingsTests
{
    private const string Endpoint = "https://account.documents.azure.com:443/";
    private const string Emulator = "AccountEndpoint=http://localhost:8081/;AccountKey=c2VjcmV0";

    [Fact]
    public void The_template_s_settings_are_read()
    {
        var settings = Read(("AccountEndpoint", Endpoint), ("Database", "aia"), ("ConnectionMode", "Gateway"), ("ConsistencyLevel", "Session"), ("PreferredRegions", "westeurope, northeurope"));

        Assert.Equal(new Uri(Endpoint), settings.AccountEndpoint);
        Assert.Equal("aia", settings.Database);
        Assert.Equal(ConnectionMode.Gateway, settings.ConnectionMode);
        Assert.Equal(ConsistencyLevel.Session, settings.ConsistencyLevel);
        Assert.Equal(["westeurope", "northeurope"], settings.PreferredRegions);
        Assert.False(settings.IsEmulator);
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var settings = Read(("AccountEndpoint", Endpoint), ("Database", "aia"), ("PreferredRegions", " "));
        var emulator = Read(("ConnectionString", Emulator), ("Database", "aia"));

        Assert.Equal((ConnectionMode.Direct, ConsistencyLevel.Session), (settings.ConnectionMode, settings.ConsistencyLevel));
        Assert.Empty(settings.PreferredRegions);
        Assert.Equal((ConnectionMode.Gateway, true), (emulator.ConnectionMode, emulator.IsEmulator));
    }

    [Theory]
    [InlineData("Cosmos__AccountEndpoint", "Database=aia")]
    [InlineData("Cosmos__AccountEndpoint", "Database=aia", "AccountEndpoint=account")]
    [InlineData("Cosmos__AccountEndpoint", "Database=aia", "AccountEndpoint=http://account.documents.azure.com/")]
    [InlineData("Cosmos__AccountEndpoint", "Database=aia", "AccountEndpoint=https://account.documents.azure.com/dbs")]
    [InlineData("Cosmos__AccountEndpoint", "Database=aia", "AccountEndpoint=" + Endpoint, "ConnectionString=" + Emulator)]
    [InlineData("Cosmos__ConnectionString", "Database=aia", "ConnectionString=AccountEndpoint=" + Endpoint + ";AccountKey=c2VjcmV0")]
    [InlineData("Cosmos__ConnectionString", "Database=aia", "ConnectionString=AccountKey=c2VjcmV0")]
    [InlineData("Cosmos__ConnectionString", "Database=aia", "ConnectionString=" + Emulator + ";AccountEndpoint=" + Endpoint)]
    [InlineData("Cosmos__Database", "AccountEndpoint=" + Endpoint)]
    [InlineData("Cosmos__Database", "AccountEndpoint=" + Endpoint, "Database=a/b")]
    [InlineData("Gateway, Direct", "AccountEndpoint=" + Endpoint, "Database=aia", "ConnectionMode=0")]
    [InlineData("Session", "AccountEndpoint=" + Endpoint, "Database=aia", "ConsistencyLevel=Sometimes")]
    [InlineData("Cosmos__PreferredRegions", "AccountEndpoint=" + Endpoint, "Database=aia", "PreferredRegions=west;europe")]
    public void A_setting_that_cannot_be_meant_is_named(string told, params string[] settings)
    {
        var problem = Assert.Throws<ProblemException>(() => Read([.. settings.Select(setting => (setting.Split('=')[0], setting.Split('=', 2)[1]))])).Problem;

        Assert.Equal("option-invalid", problem.Code);
        Assert.Contains(told, problem.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("c2VjcmV0", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_none_is_told_without_it()
    {
        var settings = Read(("ConnectionString", "AccountEndpoint=http://localhost:8081/;AccountKey=not base 64"), ("Database", "aia"));

        var problem = Assert.Throws<ProblemException>(() => CosmosDocuments.Connect(settings)).Problem;

        Assert.Equal("option-invalid", problem.Code);
        Assert.DoesNotContain("base 64", problem.Message, StringComparison.Ordinal);
    }

    private static CosmosSettings Read(params (string Name, string Value)[] settings) => CosmosSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Cosmos:{setting.Name}", (string?)setting.Value))).Build());
}
