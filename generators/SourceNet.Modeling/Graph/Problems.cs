using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Graph;

/// <summary>Every way in which a declaration can fail, with its id and its words: what is wrong, what was expected, what was found.</summary>
public static class Problems
{
    public static Problem NotPartial(string type, Origin origin) =>
        new("SN6001", $"'{type}' must be declared 'partial': the generator writes its other part", origin);

    public static Problem ContainerNotPartial(string type, string container, Origin origin) =>
        new("SN6001", $"'{container}' around '{type}' must be declared 'partial' too: the generator writes the other part of '{type}' inside it", origin);

    public static Problem NotAClass(string type, string found, Origin origin) =>
        new("SN6001", $"'{type}' is {found}: a model must be a partial class that can be instantiated and that other files see", origin);

    public static Problem WrongBase(string type, string found, Origin origin) =>
        new("SN6002", $"'{type}' must not have a base class other than SourceNet.Model, found '{found}': the generated part states the base", origin);

    public static Problem BlockNotPartial(string method, Origin origin) =>
        new("SN6003", $"Block '{method}' must be a partial method without a body, 'private partial Tensor {method}(Tensor x);': the generator writes the body from its attributes", origin);

    public static Problem BlockSignature(string method, string found, Origin origin) =>
        new("SN6003", $"Block '{method}' must take one Tensor and return a Tensor, 'private partial Tensor {method}(Tensor x);', found {found}", origin);

    public static Problem ForwardSignature(string type, Origin origin) =>
        new("SN6003", $"'{type}' declares a forward that is not 'public override Tensor forward(Tensor input)': the blocks cannot be composed by it", origin);

    public static Problem NoBlocks(string type, Origin origin) =>
        new("SN6004", $"'{type}' declares no block: add a method such as '[Linear(10), Output] private partial Tensor Logits(Tensor x);'", origin);

    public static Problem BadExpression(string text, string error, Origin origin) =>
        new("SN6005", $"'{text}' is not an expression of numbers, names and + - * / ( ): {error}", origin);

    public static Problem UnknownName(string text, string name, string type, Origin origin) =>
        new("SN6006", $"'{name}' in '{text}' is not a numeric parameter of {type}'s primary constructor, nor a const or static readonly field of {type}", origin);

    public static Problem NotIntegral(string what, string found, Origin origin) =>
        new("SN6007", $"{what} must be a whole number, found '{found}'", origin);

    public static Problem TooSmall(string what, long least, string found, Origin origin) =>
        new("SN6007", $"{what} must be at least {least}, found {found}", origin);

    public static Problem WrongValue(string what, string expected, string found, Origin origin) =>
        new("SN6008", $"{what} must be {expected}, found {found}", origin);

    public static Problem NoInput(string layer, Origin origin) =>
        new("SN6009", $"{layer} needs to know the shape before it: state [Input(...)] on the class, or on this block where hand-written code comes before it", origin);

    public static Problem RunTimeSize(string layer, string size, Shape shape, Origin origin) =>
        new("SN6009", $"{layer} gets {shape}, and '{size}' is not known when the model is constructed: its weight cannot be made; use a size of the constructor or a number, or pool that axis away first", origin);

    public static Problem WrongRank(string layer, string expected, Shape found, Origin origin) =>
        new("SN6010", $"{layer} expects {expected}, found {found}", origin);

    public static Problem OutOfRange(string what, string expected, double found, Origin origin) =>
        new("SN6011", $"{what} must be {expected}, found {Expression.Format(found)}", origin);

    public static Problem ShapeMismatch(string what, Shape expected, Shape found, Origin origin) =>
        new("SN6012", $"{what}: {expected} and {found} differ", origin);

    public static Problem NotDivisible(string what, string size, string divisor, Origin origin) =>
        new("SN6012", $"{what}: {size} is not divisible by {divisor}", origin);

    public static Problem DoesNotFit(string layer, Shape found, Shape result, Origin origin) =>
        new("SN6012", $"{layer} does not fit into {found}: the result would be {result}", origin);

    public static Problem DuplicateName(string path, string first, Origin origin) =>
        new("SN6013", $"The state_dict name '{path}' is taken already by {first}: give one of them another [Name(...)]", origin);

    public static Problem BadStateName(string name, Origin origin) =>
        new("SN6013", $"'{name}' is no state_dict name: expected parts of letters, digits, '_' and '-', separated by dots", origin);

    public static Problem StackOfNoModel(string type, Origin origin) =>
        new("SN6014", $"'{type}' cannot be stacked: expected a class with [Model]", origin);

    public static Problem StackOfItself(string type, Origin origin) =>
        new("SN6014", $"'{type}' cannot contain itself: its constructor would never end", origin);

    public static Problem StackArguments(string type, string expected, string found, Origin origin) =>
        new("SN6014", $"The constructor of '{type}' takes ({expected}), found {found}", origin);

    public static Problem TiedToNothing(string block, Origin origin) =>
        new("SN6015", $"TiedTo = '{block}' names no block before it with an embedding or linear layer whose weight could be shared", origin);

    public static Problem TiedShapes(string block, string weight, string needed, Origin origin) =>
        new("SN6015", $"This layer needs a weight of {needed}, the weight of '{block}' that it is tied to is {weight}", origin);

    public static Problem NoOutput(string type, string last, Origin origin) =>
        new("SN6016", $"'{type}' has class-level layers and no [Output] block: they are applied to '{last}' too, so the logits are normalised, activated or dropped; mark that block [Output]", origin, IsError: false);

    public static Problem TwoNorms(string block, Origin origin) =>
        new("SN6017", $"A second norm follows in '{block}' with no weighted layer between: it normalises what is normalised already; remove one", origin, IsError: false);

    public static Problem Missing(string layer, string argument, Origin origin) =>
        new("SN6018", $"{layer} needs {argument}", origin);

    public static Problem Repeated(string attribute, string where, Origin origin) =>
        new("SN6019", $"[{attribute}] is said twice on {where}: which one holds would depend on the order; remove one", origin);

    public static Problem Misplaced(string what, string expected, Origin origin) =>
        new("SN6020", $"{what} has no meaning here: {expected}", origin);

    public static Problem NoWeights(string rule, string block, Origin origin) =>
        new("SN6021", $"[{rule}] has nothing to act on: no layer of '{block}' has a weight that it could apply to", origin);

    public static Problem NoModel(string type, string attribute, Origin origin) =>
        new("SN6022", $"[{attribute}] does nothing here: '{type}' has no [Model], so nothing is generated from its attributes; put [Model] on the class", origin, IsError: false);

    public static Problem PartIsNull(string member, Origin origin) =>
        new("SN6023", $"'{member}' is still null when the model registers its layers, before the body of a constructor runs, so constructing the model throws: initialize it where it is declared, '{member} = ...;'", origin);
}
