using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Graph;

/// <summary>Every way in which a declaration can fail, with its id and its words: what is wrong, what was expected, what was found.</summary>
public static class Problems
{
    public static Problem NotPartial(string type, Origin origin) =>
        new("SN6001", $"'{type}' must be declared 'partial': the generator writes its other part", origin);

    public static Problem ContainerNotPartial(string type, string container, Origin origin) =>
        new("SN6001", $"'{container}' around '{type}' must be declared 'partial' too: the generator writes the other part of '{type}' inside it", origin);

    public static Problem NotAClass(string type, string found, string wanted, Origin origin) =>
        new("SN6001", $"'{type}' is {found}: {wanted} must be a partial class that can be instantiated and that other files see", origin);

    public static Problem WrongBase(string type, string found, string wanted, string wantedBase, Origin origin) =>
        new("SN6002", $"'{type}' derives from '{found}': {wanted} derives from {wantedBase}, which the generated part states; remove the base class", origin);

    public static Problem BlockNotPartial(string method, Origin origin) =>
        new(
            "SN6003",
            $"Block '{method}' must be a partial method without a body, 'private partial Tensor {method}(Tensor x);': the generator writes the body from its "
                + "attributes",
            origin);

    public static Problem BlockSignature(string method, string found, Origin origin) =>
        new("SN6003", $"Block '{method}' must take one Tensor and return a Tensor, 'private partial Tensor {method}(Tensor x);', found {found}", origin);

    public static Problem BlockNamedForward(Origin origin) =>
        new(
            "SN6003",
            "'forward' cannot be a block: leave it out, and the blocks are chained in order of declaration, or write it without layer attributes, and it "
                + "composes the blocks",
            origin);

    public static Problem ForwardSignature(string found, Origin origin) =>
        new(
            "SN6003",
            $"'{found}' is not the model's forward, which is 'public override Tensor forward(Tensor input)', so nothing composes the blocks: declare it so, "
                + "or give it another name",
            origin)
        {
            Topic = ProblemTopic.Forward
        };

    public static Problem NoBlocks(string type, Origin origin) =>
        new(
            "SN6004",
            $"'{type}' has no block, so the model would have no layers: add a method such as '[Linear(10), Output] private partial Tensor Logits(Tensor x);'",
            origin);

    public static Problem BadExpression(string text, string error, Origin origin) =>
        new("SN6005", $"'{text}' cannot be read as numbers, names and + - * / ( ) sqrt: {error}", origin);

    public static Problem UnknownName(string text, string name, string type, Origin origin) =>
        new(
            "SN6006",
            $"'{name}'{In(text, name)} names no number: expected a numeric parameter of the primary constructor of '{type}', or a const or static readonly "
                + "field in it",
            origin);

    public static Problem NotIntegral(string what, string found, Origin origin) =>
        new("SN6007", $"{what} must be a whole number, found {found}", origin);

    public static Problem RealName(string text, string name, Origin origin) =>
        new("SN6007", $"'{name}'{In(text, name)} is a real number, but sizes are whole numbers: make it an int or a long", origin);

    public static Problem TooSmall(string what, long least, string found, Origin origin) =>
        new("SN6007", $"{what} must be at least {least}, found {found}", origin);

    public static Problem WrongValue(string what, string expected, string found, Origin origin) =>
        new("SN6008", $"{what} must be {expected}, found {found}", origin);

    public static Problem NoInput(string layer, Origin origin) =>
        new(
            "SN6009",
            $"{layer} cannot make its weights, because the shape that it gets is not known: put [Input(...)] on the class, or on this block if hand-written "
                + "code comes before it",
            origin)
        {
            Topic = ProblemTopic.MissingShape
        };

    public static Problem NoAxis(string layer, Origin origin) =>
        new(
            "SN6009",
            $"{layer} works on the channel axis, and which that is is not known here: put [Input(...)] on the class, or on this block if hand-written code "
                + "comes before it",
            origin)
        {
            Topic = ProblemTopic.MissingShape
        };

    public static Problem RunTimeSize(string layer, string size, Shape shape, Origin origin) =>
        new(
            "SN6009",
            $"{layer} gets {shape}, but '{size}' is known only at run time, too late to make a weight: use a number or a constructor parameter, or pool that "
                + "axis away first",
            origin)
        {
            Topic = ProblemTopic.MissingShape
        };

    public static Problem WrongRank(string layer, string expected, Shape found, Origin origin) =>
        new("SN6010", $"{layer} expects {expected}, found {found}", origin);

    public static Problem OutOfRange(string what, string expected, double found, Origin origin) =>
        new("SN6011", $"{what} must be {expected}, found {Expression.Format(found)}", origin);

    public static Problem DividesBy0(string text, Origin origin) =>
        new("SN6011", $"'{text}' divides by 0", origin);

    public static Problem InputMismatch(string block, Shape stated, Shape found, Origin origin) =>
        new("SN6012", $"[Input] of '{block}' says {stated}, but the block gets {found}", origin);

    public static Problem OutputMismatch(string where, Shape stated, Shape found, Origin origin) =>
        new("SN6012", $"[Output] of '{where}' says {stated}, but it makes {found}", origin);

    public static Problem ResidualMismatch(string block, Shape input, Shape output, Origin origin) =>
        new("SN6012", $"[Residual] adds the input of '{block}' to its output, but {input} goes in and {output} comes out: both shapes must agree", origin);

    public static Problem ReshapeMismatch(Shape input, Shape output, Origin origin) =>
        new("SN6012", $"Reshape from {input} to {output} must keep the number of elements, but {input.Elements} go in and {output.Elements} come out", origin);

    public static Problem StackInput(string type, Shape expected, Shape found, Origin origin) =>
        new("SN6012", $"'{type}' expects {expected}, but gets {found}", origin);

    public static Problem StackRepeats(string type, Shape input, Shape output, Origin origin) =>
        new("SN6012", $"'{type}' is repeated, so it must give the shape that it gets, but {input} goes in and {output} comes out", origin);

    public static Problem StackSequence(string type, Shape output, Shape next, Origin origin) =>
        new("SN6012", $"'{type}' gives {output} at position 'index' of the stack, but the next one expects {next}", origin);

    public static Problem NotDivisible(string what, string size, string divisor, Origin origin) =>
        new("SN6012", $"{what}: {size} is not divisible by {divisor}", origin);

    public static Problem ClassCount(long classes, int weights, Origin origin) =>
        new("SN6012", $"ClassWeights of [Objective] has {weights} numbers, but the model predicts {classes} classes", origin);

    public static Problem DoesNotFit(string layer, Shape found, Shape result, Origin origin) =>
        new("SN6012", $"{layer} does not fit into {found}: the result would be {result}", origin);

    public static Problem DuplicateName(string path, string first, Origin origin) =>
        new("SN6013", $"The state_dict name '{path}' is taken already by {first}: give one of the two another name", origin);

    public static Problem NameInside(string path, string outer, string first, Origin origin) =>
        new(
            "SN6013",
            $"The state_dict name '{path}' leads through '{outer}', which is {first} and has no room for others: give one of the two another name",
            origin);

    public static Problem BadStateName(string name, Origin origin) =>
        new("SN6013", $"'{name}' is no state_dict name: expected letters, digits, '_' and '-', in parts separated by dots", origin);

    public static Problem StackOfNoModel(string type, Origin origin) =>
        new("SN6014", $"'{type}' cannot be stacked: it has no [Model]", origin);

    public static Problem StackOfSeveral(string type, string found, Origin origin) =>
        new("SN6014", $"'{type}' cannot be stacked: a layer of a block takes one tensor and gives one, and its forward is {found}", origin);

    public static Problem StackOfItself(string type, Origin origin) =>
        new("SN6014", $"'{type}' cannot contain itself: its constructor would never end", origin);

    public static Problem StackOfContainer(string type, string container, Origin origin) =>
        new("SN6014", $"'{type}' contains '{container}' in turn: their constructors would never end", origin);

    public static Problem StackArguments(string type, string expected, string found, Origin origin) =>
        new("SN6014", $"'{type}' cannot be constructed from {found}: {expected}", origin);

    public static Problem StackPosition(string text, string type, Origin origin) =>
        new("SN6014", $"'index' in '{text}' is the position in the stack, and '{type}' has a number of that name too: rename yours", origin);

    public static Problem TiedToNothing(string block, Origin origin) =>
        new("SN6015", $"TiedTo = '{block}' names no block before this one that has an embedding or linear layer, so there is no weight to share", origin);

    public static Problem TiedShapes(string block, string weight, string needed, Origin origin) =>
        new("SN6015", $"This layer needs a weight of {needed}, but the weight of '{block}' that it is tied to is {weight}", origin);

    public static Problem NoOutput(string type, string last, Origin origin) =>
        new(
            "SN6016",
            $"No block of '{type}' is marked [Output], so the norm, activation and dropout on the class are applied to '{last}' too: mark the block that "
                + "makes the logits [Output]",
            origin,
            IsError: false);

    public static Problem TwoNorms(string block, Origin origin) =>
        new(
            "SN6017",
            $"'{block}' normalizes twice with no weighted layer between, so the second norm changes next to nothing: remove one",
            origin,
            IsError: false);

    public static Problem Missing(string layer, string argument, Origin origin) =>
        new("SN6018", $"{layer} needs {argument}", origin);

    public static Problem Repeated(string attribute, string type, Origin origin) =>
        new("SN6019", $"'{type}' has a default for [{attribute}] already, and a block gets one of a kind: remove one", origin);

    public static Problem SecondDropout(string attribute, string first, string type, Origin origin) =>
        new(
            "SN6019",
            $"'{type}' has [{first}] as its default dropout already, and a block gets one: remove [{attribute}], or put it on the blocks that it is meant for",
            origin);

    public static Problem Misplaced(string what, string expected, Origin origin) =>
        new("SN6020", $"{what} has no meaning here: {expected}", origin);

    public static Problem NoWeights(string rule, string block, Origin origin) =>
        new("SN6021", $"[{rule}] does nothing: no layer of '{block}' has a weight that it could act on; remove it", origin);

    public static Problem NotMarked(string type, string attribute, string mark, Origin origin) =>
        new(
            "SN6022",
            $"[{attribute}] does nothing here: '{type}' has no [{mark}], so nothing is generated from its attributes; put [{mark}] on the class",
            origin,
            IsError: false);

    public static Problem PartIsNull(string member, bool isNullable, Origin origin) =>
        new(
            "SN6023",
            $"'{member}' is still null when the model registers its layers, before the body of a constructor runs, so "
                + $"{(isNullable ? "it would be no part of the model" : "constructing the model throws")}: initialize it where it is declared, '{member} = "
                    + "...;'",
            origin);

    public static Problem PartCannotBeRegistered(string member, string reason, Origin origin) =>
        new("SN6027", $"What '{member}' holds cannot be registered, so it would not be trained, saved or moved: {reason}", origin);

    public static Problem UnusedDefault(string attribute, string type, string reason, Origin origin) =>
        new("SN6024", $"[{attribute}] on '{type}' reaches no block, so it does nothing: {reason}", origin, IsError: false);

    public static Problem NoLayers(string block, Origin origin) =>
        new("SN6025", $"Block '{block}' has no layer, so it gives what it gets: add a layer attribute, or delete the block", origin, IsError: false);

    public static Problem ReservedMember(string member, Origin origin) =>
        new("SN6026", $"'{member}' is a member that the generator writes: give yours another name", origin);

    public static Problem WrittenConstructor(string type, Origin origin) =>
        new("SN6026", $"'{type}' has a constructor of its own, but the generator writes the one that sets the changes: leave yours out", origin);

    private static string In(string text, string name) => text.Trim() == name ? "" : $" in '{text}'";
}
