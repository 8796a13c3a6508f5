namespace SourceNet.Analyzers.Tests.Declarations;

public class NameTests
{
    [Theory]
    [InlineData("[Name(\"fc\"), Linear(7), Norm(Layer)] private partial Tensor First(Tensor x); [Name(\"fc\"), {|SN6013:Linear(7)|}, Norm(Layer)] private "
        + "partial Tensor Second(Tensor x);",
        "The state_dict name 'fc.linear' is taken already by Linear of 'First': give one of the two another name")]
    [InlineData("[Linear(7, Name = \"fc\"), {|SN6013:Activation(ReLU, Name = \"fc\")|}] private partial Tensor First(Tensor x);",
        "The state_dict name 'first.fc' is taken already by Linear of 'First': give one of the two another name")]
    [InlineData("[Name(\"enc\"), Linear(7)] private partial Tensor First(Tensor x); [Name(\"enc.linear\"), {|SN6013:Linear(7)|}] private partial Tensor "
        + "Second(Tensor x);",
        "The state_dict name 'enc.linear.linear' leads through 'enc.linear', which is Linear of 'First' and has no room for others: give one of the two "
            + "another name")]
    [InlineData("private readonly Linear {|SN6013:first|} = nn.Linear(8, 8); [Linear(7)] private partial Tensor First(Tensor x);",
        "The state_dict name 'first' is taken already by the container of Linear of 'First': give one of the two another name")]
    [InlineData("[Name(\"first.linear\")] private readonly Linear {|SN6013:extra|} = nn.Linear(8, 8); [Linear(7)] private partial Tensor First(Tensor x);",
        "The state_dict name 'first.linear' is taken already by Linear of 'First': give one of the two another name")]
    [InlineData("[{|SN6013:Name(\"a b\")|}, Linear(7)] private partial Tensor First(Tensor x);",
        "'a b' is no state_dict name: expected letters, digits, '_' and '-', in parts separated by dots")]
    [InlineData("[{|SN6013:Linear(7, Name = \"\")|}] private partial Tensor First(Tensor x);",
        "'' is no state_dict name: expected letters, digits, '_' and '-', in parts separated by dots")]
    [InlineData("[{|SN6013:Name(\"a..b\")|}] private readonly Linear extra = nn.Linear(8, 8); [Linear(7)] private partial Tensor First(Tensor x);",
        "'a..b' is no state_dict name: expected letters, digits, '_' and '-', in parts separated by dots")]
    [InlineData("[{|SN6020:Name(\"extra\")|}] public int Extra { get; set; } [Linear(7)] private partial Tensor First(Tensor x);",
        "[Name] has no meaning here: it names a field or auto-property that holds a module, several, a Parameter or a Tensor")]
    public Task A_name_without_a_place_is_reported(string members, string message) => Declaration.Reports(Net(members), message);

    [Theory]
    [InlineData(
        "[Name(\"\"), Linear(7, Name = \"fc1\"), Activation(ReLU)] private partial Tensor First(Tensor x); [Name(\"\"), Linear(7, Name = \"fc2\"), "
            + "Activation(ReLU)] private partial Tensor Second(Tensor x);")]
    [InlineData(
        "[Name(\"encoder.stem\"), Linear(7)] private partial Tensor First(Tensor x); [Name(\"encoder.body\"), Linear(7)] private partial Tensor "
            + "Second(Tensor x);")]
    [InlineData(
        "[Linear(7), Linear(7)] private partial Tensor First(Tensor x); private readonly Linear first_linear = nn.Linear(2, 2); private readonly int second "
            + "= 3; public int Second => second;")]
    [InlineData("[Name(\"extra.head\")] public Linear Head { get; } = nn.Linear(2, 2); [Linear(7)] private partial Tensor First(Tensor x);")]
    public Task Names_with_a_place_of_their_own_are_silent(string members) => Declaration.IsSilent(Net(members));

    private static string Net(string members) => $"[Model, Input(8)] partial class Net {{ {members} }}";
}
