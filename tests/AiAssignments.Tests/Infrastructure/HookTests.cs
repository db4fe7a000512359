using System.Text.Json.Nodes;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Access.Tokens;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Infrastructure;

/// <summary>The hooks of azd, run with commands that stand for az and azd.</summary>
public sealed class HookTests
{
    private static readonly (string, string)[] Provisioned =
    [
        ("AZURE_ENV_NAME", "test"), ("AZURE_SUBSCRIPTION_ID", "subscription-id"), ("AZURE_RESOURCE_GROUP", "rg-test"), ("AZURE_FUNCTION_APP_NAME", "func-x"), ("AIA_EVENT_TOPIC", "egst-x"),
        ("AIA_DATA_ACCOUNT_ID", "/data"), ("AIA_HOOK_PAUSE", "0"), ("AIA_FUNCTIONS_PRINCIPAL_ID", "functions-id"), ("AIA_API_CLIENT_ID", "client-id"),
        ("AIA_URL", "https://page.example"),
    ];

    [UnixFact]
    public async Task Drops_are_subscribed_to_with_the_calls_that_leave_a_blob_whole()
    {
        using var commands = new FakeCommands();
        commands.Add("az", "case \"$all\" in *'keys list'*) echo the+key==;; esac");

        var (code, output) = await commands.RunAsync("hooks/postdeploy.sh", Provisioned);

        Assert.True(code == 0, output);
        var made = commands.Calls.Where(call => call.Contains("event-subscription|create", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, made.Count);
        Assert.All(made, call =>
        {
            Assert.Contains("|--included-event-types|Microsoft.Storage.BlobCreated|", call);
            Assert.Contains("|--advanced-filter|data.api|StringIn|FlushWithClose|PutBlob|PutBlockList|CopyBlob|", call);
            Assert.Contains("|--deadletter-identity|systemassigned|--deadletter-identity-endpoint|/data/blobServices/default/containers/deadletters|", call);
        });
        Assert.Contains("functionName=Host.Functions.DatasetArrived&code=the+key==|", made[0]);
        Assert.Contains("|--subject-begins-with|/blobServices/default/containers/datasets/blobs/|", made[0]);
        Assert.Contains("functionName=Host.Functions.ModelArrived&code=the+key==|", made[1]);
        Assert.Contains("|--subject-begins-with|/blobServices/default/containers/models/blobs/|", made[1]);
        Assert.DoesNotContain("the+key", output);
        Assert.Contains("https://page.example", output);
        // Not in whichever az has as its default.
        Assert.All(commands.Calls, call => Assert.Contains("|--subscription|subscription-id|", call));
    }

    [UnixFact]
    public async Task A_key_that_does_not_come_is_said_and_nothing_is_made()
    {
        using var commands = new FakeCommands();
        commands.Add("az", "echo 'AuthorizationFailed: nobody may' >&2; exit 1");
        commands.Add("curl", ":");

        var (code, output) = await commands.RunAsync("hooks/postdeploy.sh", Provisioned);

        Assert.Equal(1, code);
        Assert.Contains("AuthorizationFailed: nobody may", output);
        Assert.Contains("no key for blob events", output);
        Assert.DoesNotContain(commands.Calls, call => call.Contains("create", StringComparison.Ordinal));
        Assert.Contains(commands.Calls, call => call.StartsWith("curl|", StringComparison.Ordinal) && call.Contains("https://func-x.azurewebsites.net/api/health/live", StringComparison.Ordinal));
    }

    [UnixFact]
    public async Task The_application_registration_is_made_once_and_has_no_secret()
    {
        using var commands = new FakeCommands();
        commands.Add("azd", ":");
        commands.Add("az", "case \"$all\" in *'app create'*) echo new-client;; *'query displayName'*) echo aia-test;; *'app show'*) echo object-id;; *'sp show'*) exit 1;; esac");

        var (code, output) = await commands.RunAsync("hooks/preprovision.sh", ("AZURE_ENV_NAME", "test"));

        Assert.True(code == 0, output);
        Assert.Contains(commands.Calls, call => call.StartsWith("az|ad|app|create|--display-name|aia-test|", StringComparison.Ordinal));
        Assert.Contains(commands.Calls, call => call.Contains("\"requestedAccessTokenVersion\":2", StringComparison.Ordinal) && call.Contains("api://new-client", StringComparison.Ordinal));

        // A person's token comes through the Azure CLI: its permission is there first, and then it is authorized for it.
        var bodies = commands.Calls.Where(call => call.Contains("|PATCH|", StringComparison.Ordinal)).Select(call => JsonNode.Parse(call.Split("|--body|")[1].Split("|--output")[0])!["api"]!).ToList();
        var scope = (string)bodies[0]["oauth2PermissionScopes"]![0]!["id"]!;
        Assert.Null(bodies[0]["preAuthorizedApplications"]);
        Assert.Equal(scope, (string?)bodies[1]["oauth2PermissionScopes"]![0]!["id"]);
        Assert.Equal((string?)"04b07795-8ddb-461a-bbee-02f9e1bf7b46", (string?)bodies[1]["preAuthorizedApplications"]![0]!["appId"]);
        Assert.Equal(scope, (string?)bodies[1]["preAuthorizedApplications"]![0]!["delegatedPermissionIds"]![0]);
        Assert.DoesNotContain(JsonNode.Parse(InfraFiles.Read("hooks", "app-roles.json"))!.AsArray(), role => (string?)role!["id"] == scope);
        Assert.Contains(commands.Calls, call => call.StartsWith("az|ad|sp|create|--id|new-client", StringComparison.Ordinal));
        Assert.Contains(commands.Calls, call => call.TrimEnd() == "azd|env|set|AIA_API_CLIENT_ID|new-client");
        Assert.DoesNotContain(commands.Calls, call => call.Contains("credential", StringComparison.Ordinal) || call.Contains("password", StringComparison.Ordinal));

        using var again = new FakeCommands();
        again.Add("azd", ":");
        again.Add("az", "case \"$all\" in *'app list'*) echo old-client;; *'query displayName'*) echo aia-test;; *'show'*) echo object-id;; esac");
        Assert.Equal(0, (await again.RunAsync("hooks/preprovision.sh", ("AZURE_ENV_NAME", "test"))).Code);
        Assert.DoesNotContain(again.Calls, call => call.Contains("|create|", StringComparison.Ordinal));
        Assert.Contains(again.Calls, call => call.TrimEnd() == "azd|env|set|AIA_API_CLIENT_ID|old-client");
    }

    [UnixFact]
    public async Task The_application_registration_can_be_left_out()
    {
        using var commands = new FakeCommands();
        commands.Add("az", "exit 1");
        commands.Add("azd", ":");

        var (code, output) = await commands.RunAsync("hooks/preprovision.sh", ("AZURE_ENV_NAME", "test"), ("AIA_ENTRA", "false"));

        // Somebody must get in all the same: a key is made, as the app takes it, and not shown.
        Assert.True(code == 0, output);
        var key = commands.Calls[0].TrimEnd().Split('|')[^1];
        var hash = commands.Calls[1].TrimEnd().Split('|')[^1];
        Assert.Equal([$"azd|env|set|AIA_ADMIN_KEY|{key}", $"azd|env|set|AIA_ADMIN_KEY_HASH|{hash}"], commands.Calls.Select(call => call.TrimEnd()));
        Assert.Matches("^[0-9a-f]{64}$", key);
        Assert.DoesNotContain(key, output);
        Assert.Equal(
            AccessSettings.Read(name => name == "auth" ? "keys" : null, key, loopback: false).AdminKeyHash!.Value.ToArray(),
            AccessSettings.Read(name => name == "auth" ? "keys" : name == "admin-key-hash" ? hash : null, null, loopback: false).AdminKeyHash!.Value.ToArray());

        using var again = new FakeCommands();
        again.Add("azd", ":");
        Assert.Equal(0, (await again.RunAsync("hooks/preprovision.sh", ("AZURE_ENV_NAME", "test"), ("AIA_ENTRA", "false"), ("AIA_ADMIN_KEY", key))).Code);
        Assert.Equal($"azd|env|set|AIA_ADMIN_KEY_HASH|{hash}", Assert.Single(again.Calls).TrimEnd());

        // Turned off later: tokens of the registration get nobody in any more.
        using var off = new FakeCommands();
        off.Add("azd", ":");
        Assert.Equal(0, (await off.RunAsync("hooks/preprovision.sh", ("AZURE_ENV_NAME", "test"), ("AIA_ENTRA", "false"), ("AIA_ADMIN_KEY", key), ("AIA_API_CLIENT_ID", "client-id"))).Code);
        Assert.Equal("azd|env|set|AIA_API_CLIENT_ID|", off.Calls[0].TrimEnd());
    }

    [UnixFact]
    public async Task A_registration_of_ones_own_is_asked_and_not_changed()
    {
        var (code, output, calls) = await OwnAsync("*requestedAccessTokenVersion*) echo 2;; *appRoles*) echo role-id;;");

        Assert.True(code == 0, output);
        Assert.DoesNotContain(calls, call => call.Contains("PATCH", StringComparison.Ordinal) || call.Contains("create", StringComparison.Ordinal));
        Assert.Contains(calls, call => call.TrimEnd() == "azd|env|set|AIA_API_CLIENT_ID|own-client");

        Assert.Contains("own-client of AIA_API_CLIENT_ID has no app role aia.write", (await OwnAsync("*requestedAccessTokenVersion*) echo 2;; *aia.write*) ;; *appRoles*) echo role-id;;", 1)).Output);
        Assert.Contains("requestedAccessTokenVersion must be 2", (await OwnAsync("*appRoles*) echo role-id;;", 1)).Output);
    }

    [UnixFact]
    public async Task What_cannot_be_deployed_is_refused_before_anything_is_made()
    {
        await RefusedAsync("AIA_INFERENCE_SERVER", ("AIA_ENTRA", "false"), ("AIA_INFERENCE_SERVER", "true"));
        await RefusedAsync("stands in westeurope and cannot be moved to swedencentral", ("AZURE_LOCATION", "westeurope"), ("AIA_COMPUTE_LOCATION", "westeurope"), ("AIA_INFERENCE_LOCATION", "swedencentral"));
        await RefusedAsync("stands in swedencentral and cannot be moved to westeurope", ("AZURE_LOCATION", "westeurope"), ("AIA_COMPUTE_LOCATION", "swedencentral"));
    }

    [UnixFact]
    public async Task A_network_needs_the_provider_that_its_subnet_is_delegated_to()
    {
        foreach (var wanted in new[] { "AIA_PRIVATE_NETWORK", "AIA_INFERENCE_SERVER" })
        {
            using var commands = new FakeCommands();
            commands.Add("azd", ":");
            commands.Add("az", "case \"$all\" in *'app list'*) echo client;; *'query displayName'*) echo aia-test;; *show*) echo object-id;; esac");

            var (code, output) = await commands.RunAsync("hooks/preprovision.sh", ("AZURE_ENV_NAME", "test"), ("AZURE_SUBSCRIPTION_ID", "subscription-id"), (wanted, "true"));

            Assert.True(code == 0, output);
            Assert.StartsWith("az|provider|register|--subscription|subscription-id|--namespace|Microsoft.App|--wait|", commands.Calls[0]);
        }
    }

    [UnixFact]
    public async Task Who_deploys_may_make_keys()
    {
        await DeployedAsync(signedIn: "someone", given: null, administrator: "someone");
        await DeployedAsync(signedIn: "someone", given: "given", administrator: "given");
        await DeployedAsync(signedIn: null, given: null, administrator: null);
    }

    [UnixFact]
    public async Task The_image_is_built_in_the_registry_once_for_what_goes_in()
    {
        using var commands = new FakeCommands();
        commands.Add("azd", ":");
        commands.Add("az", "case \"$all\" in *'sp show'*) echo sp-id;; *'manifest show'*) exit 1;; *'method GET'*) echo present;; esac");
        (string, string)[] environment = [.. Provisioned, ("AIA_REGISTRY", "crx"), ("AIA_REGISTRY_SERVER", "crx.azurecr.io")];
        Put(commands, ".dockerignore", "*\n!global.json\n!src/Server\n**/bin\n");
        Put(commands, "global.json", "{}");
        Put(commands, "src/Server/Program.cs", "1");
        var image = await BuildAsync();

        Assert.Matches("^inference-server:[0-9a-f]{12}-cuda$", image);
        Assert.Contains(commands.Calls, call => call.TrimEnd() == $"azd|env|set|AIA_INFERENCE_IMAGE|crx.azurecr.io/{image}");
        Assert.All(commands.Calls.Where(call => call.StartsWith("az|acr", StringComparison.Ordinal)), call => Assert.Contains("|--subscription|subscription-id|", call));
        // Roles that are there are not given again.
        Assert.DoesNotContain(commands.Calls, call => call.Contains("|POST|", StringComparison.Ordinal));

        // What does not go in changes nothing; what does, committed or not, does.
        Put(commands, "README.md", "2");
        Put(commands, "src/Server/bin/Program.dll", "2");
        Assert.Equal(image, await BuildAsync());
        Put(commands, "src/Server/Program.cs", "2");
        Assert.NotEqual(image, await BuildAsync());

        using var again = new FakeCommands();
        again.Add("azd", ":");
        again.Add("az", "case \"$all\" in *'sp show'*) echo sp-id;; esac");
        Put(again, ".dockerignore", "*\n");
        Assert.Equal(0, (await again.RunAsync("hooks/postprovision.sh", environment)).Code);
        Assert.DoesNotContain(again.Calls, call => call.Contains("|build|", StringComparison.Ordinal));
        Assert.Contains(again.Calls, call => call.Contains("|POST|", StringComparison.Ordinal) && call.Contains("\"principalId\":\"functions-id\"", StringComparison.Ordinal));

        async Task<string> BuildAsync()
        {
            var (code, output) = await commands.RunAsync("hooks/postprovision.sh", environment);
            Assert.True(code == 0, output);
            var build = commands.Calls.Last(call => call.StartsWith("az|acr|build|", StringComparison.Ordinal));
            Assert.Contains("|--file|src/AiAssignments.InferenceServer/Dockerfile|--target|cuda|", build);
            return build.Split("|--image|")[1].Split('|')[0];
        }
    }

    [UnixFact]
    public async Task A_registration_without_the_role_is_said()
    {
        using var commands = new FakeCommands();
        commands.Add("az", "case \"$all\" in *appRoles*) ;; *'sp show'*) echo sp-id;; esac");

        var (code, output) = await commands.RunAsync("hooks/postprovision.sh", Provisioned);

        Assert.Equal(1, code);
        Assert.Contains("client-id has no app role aia.read", output);
        Assert.DoesNotContain(commands.Calls, call => call.Contains("|POST|", StringComparison.Ordinal));
    }

    [UnixFact]
    public async Task Without_an_inference_server_no_image_is_built()
    {
        using var commands = new FakeCommands();
        commands.Add("azd", ":");
        commands.Add("az", "case \"$all\" in *show*) echo id;; *'method GET'*) echo present;; esac");

        Assert.Equal(0, (await commands.RunAsync("hooks/postprovision.sh", Provisioned)).Code);
        Assert.DoesNotContain(commands.Calls, call => call.Contains("acr", StringComparison.Ordinal) || call.StartsWith("azd", StringComparison.Ordinal));
    }

    [Fact]
    public void App_roles_are_those_that_the_gateway_knows()
    {
        var known = new JwtOptions { Issuer = "https://issuer.example", Audiences = ["a"] };
        var roles = JsonNode.Parse(InfraFiles.Read("hooks", "app-roles.json"))!.AsArray();

        Assert.Equal([.. known.ReadRoles, .. known.WriteRoles, .. known.AdminRoles], roles.Select(role => (string)role!["value"]!));
        Assert.Equal(3, roles.Select(role => Guid.Parse((string)role!["id"]!)).Distinct().Count());
    }

    [Fact]
    public void Azure_yaml_runs_hooks_that_are_there_and_may_be_run()
    {
        var yaml = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "azure.yaml"));
        var hooks = yaml.Split('\n').Where(line => line.TrimStart().StartsWith("run:", StringComparison.Ordinal)).Select(line => line.Split("run:")[1].Trim()).ToList();

        Assert.Equal(["infra/hooks/preprovision.sh", "infra/hooks/postprovision.sh", "infra/hooks/postdeploy.sh"], hooks);
        Assert.All(hooks, hook =>
        {
            var path = Path.Combine(RepositoryRoot.Path, hook);
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute), $"{hook} may not be run.");
            // A trace would print the key.
            Assert.DoesNotContain("set -x", File.ReadAllText(path));
        });
    }

    private static void Put(FakeCommands commands, string path, string text)
    {
        var file = Path.Combine(commands.Work, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private static async Task<(int Code, string Output, IReadOnlyList<string> Calls)> OwnAsync(string answers, int expected = 0)
    {
        using var commands = new FakeCommands();
        commands.Add("azd", ":");
        commands.Add("az", $"case \"$all\" in *'query displayName'*) echo mine;; {answers} esac");
        var (code, output) = await commands.RunAsync("hooks/preprovision.sh", ("AZURE_ENV_NAME", "test"), ("AIA_API_CLIENT_ID", "own-client"));
        Assert.Equal(expected, code);
        return (code, output, commands.Calls);
    }

    private static async Task RefusedAsync(string said, params (string, string)[] environment)
    {
        using var commands = new FakeCommands();
        commands.Add("az", ":");
        commands.Add("azd", ":");
        var (code, output) = await commands.RunAsync("hooks/preprovision.sh", [("AZURE_ENV_NAME", "test"), .. environment]);
        Assert.Equal(1, code);
        Assert.Contains(said, output);
        Assert.Empty(commands.Calls);
    }

    private static async Task DeployedAsync(string? signedIn, string? given, string? administrator)
    {
        using var commands = new FakeCommands();
        commands.Add("az", $"case \"$all\" in *'signed-in-user'*) {(signedIn is null ? "exit 1" : $"echo {signedIn}")};; *'sp show'*) echo sp-id;; esac");

        var (code, output) = await commands.RunAsync("hooks/postprovision.sh", given is null ? Provisioned : [.. Provisioned, ("AZURE_PRINCIPAL_ID", given)]);

        Assert.True(code == 0, output);
        var posts = commands.Calls.Where(call => call.Contains("|POST|", StringComparison.Ordinal)).ToList();
        Assert.Contains("\"principalId\":\"functions-id\"", posts[0]);
        Assert.Equal(administrator is null ? 1 : 2, posts.Count);
        Assert.Contains(administrator is null ? "Nobody was given aia.admin" : $"aia.admin for {administrator}.", output);
    }
}
